from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """What operators look for among everybody's deliveries."""

    dependencies = [("outbox", "0004_recipient")]

    operations = [
        migrations.AddIndex(
            "outboxmessage",
            models.Index(fields=["-created_at", "-id"], name="outbox_by_time"),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(fields=["status", "-created_at", "-id"], name="outbox_by_status"),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                OpClass(Upper("recipient"), "text_pattern_ops"), name="outbox_by_recipient"
            ),
        ),
    ]
