import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from portal.tenancy import protect

PERSON = {
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ViewAs",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("may_write", models.BooleanField(default=False, verbose_name="changes allowed")),
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="started"),
                ),
                ("ends_at", models.DateTimeField(verbose_name="ends at the latest")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("operator", models.ForeignKey(verbose_name="operator", **PERSON)),
                ("person", models.ForeignKey(verbose_name="person", **PERSON)),
            ],
            options={
                "verbose_name": "view as",
                "verbose_name_plural": "views as somebody else",
                "ordering": ["-started_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(operator=models.F("person")),
                        name="view_as_somebody_else",
                    ),
                ],
            },
        ),
        # Operators' alone: no organization reads who else was looked at.
        protect("impersonation_viewas"),
    ]
