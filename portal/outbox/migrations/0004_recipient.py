from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_without_organization")]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="recipient",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
