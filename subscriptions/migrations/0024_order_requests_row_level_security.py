from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0023_order_requests")]

    operations = [
        # A reseller sees what it asked for itself, whoever looks after the customer now.
        protect(
            "subscriptions_orderrequest",
            provider="select, update",
            reseller=("select, insert, update", "asked_for_id"),
            system="select",
        ),
        # Nobody asks for a customer that belongs to others.
        tie(
            "subscriptions_orderrequest",
            "customer_id",
            "customers_customer",
            "provider_id",
            "organization_id",
        ),
        tie(
            "subscriptions_orderrequest",
            "customer_id",
            "customers_customer",
            "reseller_id",
            cascade=True,
        ),
        tie("subscriptions_orderrequest", "order_id", "subscriptions_order", "provider_id"),
    ]
