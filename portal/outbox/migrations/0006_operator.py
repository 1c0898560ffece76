import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What was promised while an operator looked as somebody is done in both names."""

    dependencies = [
        ("outbox", "0005_operators_look"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="operator",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="operator",
            ),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                fields=["operator"],
                name="outbox_by_operator",
                condition=Q(operator__isnull=False),
            ),
        ),
    ]
