import django.contrib.postgres.fields
from django.db import migrations, models

YES_NO = [(True, "Yes"), (False, "No")]


class Migration(migrations.Migration):
    """What an organization's global admins decide for everybody who works there."""

    dependencies = [("accounts", "0006_operators_look")]

    operations = [
        migrations.AddField(
            "organization",
            "requires_second_factor",
            models.BooleanField(
                "second factor for everybody", default=False, choices=YES_NO, editable=False
            ),
        ),
        migrations.AddField(
            "organization",
            "idle_minutes",
            models.PositiveSmallIntegerField(
                "minutes without activity until people are signed out", null=True, editable=False
            ),
        ),
        migrations.AddField(
            "organization",
            "email_domains",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=100),
                verbose_name="email domains of invited people",
                default=list,
                editable=False,
            ),
        ),
        migrations.AddField(
            "organization",
            "narrows_removal",
            models.BooleanField(
                "only global admins and admin agents remove partnerships",
                default=False,
                choices=YES_NO,
                editable=False,
            ),
        ),
    ]
