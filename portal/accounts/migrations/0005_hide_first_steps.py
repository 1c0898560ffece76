from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_tries")]

    operations = [
        migrations.AddField(
            "membership", "hides_first_steps", models.BooleanField(default=False, editable=False)
        ),
    ]
