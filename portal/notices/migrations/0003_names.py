from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("notices", "0002_row_level_security"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="mutedtopic",
            options={
                "ordering": ["topic"],
                "verbose_name": "muted topic",
                "verbose_name_plural": "muted topics",
            },
        ),
        migrations.AlterModelOptions(
            name="notice",
            options={
                "ordering": ["-at", "-pk"],
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
            },
        ),
    ]
