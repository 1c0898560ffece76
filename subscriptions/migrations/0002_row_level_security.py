from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial"), ("customers", "0002_row_level_security")]

    operations = [
        protect("subscriptions_orderdraft", provider="select, insert, update, delete"),
        protect(
            "subscriptions_order",
            provider="select, insert, update",
            reseller="select",
            customer="select",
        ),
        protect(
            "subscriptions_subscription",
            provider="select, insert, update",
            reseller="select, update",
            customer="select",
        ),
        protect(
            "subscriptions_orderline",
            provider="select, insert, update",
            reseller="select",
            customer="select",
        ),
        tie(
            "subscriptions_order",
            "customer_id",
            "customers_customer",
            "provider_id",
            "organization_id",
        ),
        tie(
            "subscriptions_order", "customer_id", "customers_customer", "reseller_id", cascade=True
        ),
        tie(
            "subscriptions_subscription",
            "customer_id",
            "customers_customer",
            "provider_id",
            "organization_id",
        ),
        tie(
            "subscriptions_subscription",
            "customer_id",
            "customers_customer",
            "reseller_id",
            cascade=True,
        ),
        tie(
            "subscriptions_orderline",
            "order_id",
            "subscriptions_order",
            "provider_id",
            "organization_id",
        ),
        tie(
            "subscriptions_orderline",
            "order_id",
            "subscriptions_order",
            "reseller_id",
            cascade=True,
        ),
        tie("subscriptions_orderdraft", "order_id", "subscriptions_order", "provider_id"),
    ]
