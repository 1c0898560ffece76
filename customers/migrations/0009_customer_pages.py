import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = {
    "blank": True,
    "null": True,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_row_level_security"),
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "customer", "agreement_version", models.CharField(blank=True, max_length=20)
        ),
        migrations.AddField("customer", "agreement_by", models.ForeignKey(**PERSON)),
        migrations.AddField(
            "customer",
            "agreement_for",
            models.ForeignKey(**PERSON | {"to": "accounts.organization"}),
        ),
        migrations.AddField(
            "customer", "agreement_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField("customer", "removed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("customer", "removed_by", models.ForeignKey(**PERSON)),
        migrations.AddField(
            "customer", "statement_version", models.CharField(blank=True, max_length=20)
        ),
        migrations.AddField("customer", "version", models.PositiveIntegerField(default=1)),
    ]
