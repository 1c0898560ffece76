from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0004_license_requests")]

    operations = [
        protect(
            "subscriptions_licenserequest",
            provider="select, update",
            reseller="select, update",
            customer="select, insert, update",
            system="select",
        ),
        # Nobody asks for a subscription that belongs to others, or in the name of others.
        tie(
            "subscriptions_licenserequest",
            "subscription_id",
            "subscriptions_subscription",
            "provider_id",
            "organization_id",
        ),
        tie(
            "subscriptions_licenserequest",
            "subscription_id",
            "subscriptions_subscription",
            "reseller_id",
            cascade=True,
        ),
    ]
