from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("savedviews", "0002_row_level_security"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="savedview",
            options={
                "ordering": ["name", "pk"],
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
            },
        ),
        migrations.AlterModelOptions(
            name="startview",
            options={
                "ordering": ["pk"],
                "verbose_name": "start view",
                "verbose_name_plural": "start views",
            },
        ),
    ]
