import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_members_come_and_go")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="suspended_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="suspended since"),
        ),
        migrations.AddField(
            model_name="organization",
            name="suspension_reason",
            field=models.CharField(
                blank=True, editable=False, max_length=300, verbose_name="reason"
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="suspended_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="suspended by",
            ),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(
                condition=models.Q(("suspended_at__isnull", False)),
                fields=["suspended_at"],
                name="organization_suspended",
            ),
        ),
    ]
