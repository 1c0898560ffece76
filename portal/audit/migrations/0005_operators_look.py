from django.db import migrations, models


def index(name, *fields):
    return migrations.AddIndex("auditentry", models.Index(fields=fields, name=name))


class Migration(migrations.Migration):
    """What operators look for among everybody's entries."""

    dependencies = [("audit", "0004_auditlink")]

    operations = [
        index("audit_by_time", "-at", "-id"),
        index("audit_by_target_id", "target_id"),
        index("audit_by_action_alone", "action", "-at", "-id"),
        index("audit_by_actor_alone", "actor", "-at", "-id"),
    ]
