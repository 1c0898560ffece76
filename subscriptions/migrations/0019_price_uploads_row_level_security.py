from django.db import migrations

from portal.tenancy import protect


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0018_price_uploads"),
    ]

    operations = [
        protect("subscriptions_priceupload"),  # operators' own: nobody else has any right here
    ]
