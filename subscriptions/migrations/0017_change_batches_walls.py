from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0016_change_batches")]

    operations = [
        protect("subscriptions_changebatch", provider="select, insert, update"),
        protect("subscriptions_changebatchrow", provider="select, insert, update"),
        tie("subscriptions_changebatchrow", "batch_id", "subscriptions_changebatch", "provider_id"),
        tie(
            "subscriptions_changebatchrow",
            "subscription_id",
            "subscriptions_subscription",
            "provider_id",
        ),
    ]
