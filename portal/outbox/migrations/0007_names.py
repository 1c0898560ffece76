from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("outbox", "0006_operator"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="heartbeat",
            options={"verbose_name": "heartbeat", "verbose_name_plural": "heartbeats"},
        ),
        migrations.AlterModelOptions(
            name="outboxmessage",
            options={
                "ordering": ["-created_at"],
                "verbose_name": "outbox message",
                "verbose_name_plural": "outbox messages",
            },
        ),
    ]
