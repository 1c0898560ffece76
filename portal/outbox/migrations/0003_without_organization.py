import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """People who enrol are written to before they have an organization: the system promises it."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("outbox", "0002_row_level_security"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outboxmessage",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.RunSQL(
            "grant insert on outbox_outboxmessage to twotier_system;",
            "revoke insert on outbox_outboxmessage from twotier_system;",
        ),
    ]
