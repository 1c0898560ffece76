from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("audit", "0006_verification"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "ordering": ["-at", "-pk"],
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.AlterModelOptions(
            name="auditlink",
            options={
                "ordering": ["organization", "number"],
                "verbose_name": "audit link",
                "verbose_name_plural": "audit links",
            },
        ),
    ]
