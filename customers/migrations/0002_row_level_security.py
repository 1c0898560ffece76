from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        protect(
            "customers_customer",
            provider="select, insert, update",
            reseller="select",
            customer="select",
        ),
        protect(
            "customers_adminaccount",
            provider="select, insert, update",
            reseller="select",
            customer="select",
        ),
        protect(
            "customers_delegatedadmin",
            provider="select, insert, update",
            reseller="select",
            customer="select, update",
        ),
        tie(
            "customers_adminaccount",
            "customer_id",
            "customers_customer",
            "provider_id",
            "organization_id",
        ),
        tie(
            "customers_delegatedadmin",
            "customer_id",
            "customers_customer",
            "provider_id",
            "organization_id",
        ),
        tie(
            "customers_adminaccount",
            "customer_id",
            "customers_customer",
            "reseller_id",
            cascade=True,
        ),
        tie(
            "customers_delegatedadmin",
            "customer_id",
            "customers_customer",
            "reseller_id",
            cascade=True,
        ),
    ]
