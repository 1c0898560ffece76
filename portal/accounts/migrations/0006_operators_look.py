from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Upper


def beginning(model, field, name):
    """An index for what begins with a text, in capital or small letters."""
    words = OpClass(Upper(field), "text_pattern_ops")
    return migrations.AddIndex(model, models.Index(words, name=name))


class Migration(migrations.Migration):
    """What operators search for."""

    dependencies = [("accounts", "0005_hide_first_steps")]

    operations = [
        beginning("user", "username", "user_by_username"),
        beginning("user", "email", "user_by_email"),
        beginning("user", "last_name", "user_by_last_name"),
        beginning("organization", "name", "organization_by_name"),
    ]
