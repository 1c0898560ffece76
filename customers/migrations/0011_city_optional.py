from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_row_level_security")]

    operations = [
        migrations.AlterField(
            model_name="customer",
            name="city",
            field=models.CharField(blank=True, max_length=100, verbose_name="city"),
        ),
    ]
