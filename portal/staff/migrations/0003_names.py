from django.db import migrations


class Migration(migrations.Migration):
    """What the tables are called, translated."""

    dependencies = [
        ("staff", "0002_row_level_security"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="handout",
            options={"verbose_name": "handout", "verbose_name_plural": "handouts"},
        ),
        migrations.AlterModelOptions(
            name="userinvitation",
            options={
                "ordering": ["-sent_at", "-pk"],
                "verbose_name": "user invitation",
                "verbose_name_plural": "user invitations",
            },
        ),
    ]
