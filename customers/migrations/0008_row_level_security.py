from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_tags_and_batches")]

    # A provider's own business: neither the reseller nor the customer has a way to these rows.
    operations = [
        protect("customers_customertag", provider="select, insert, delete"),
        protect("customers_movebatch", provider="select, insert, update"),
        protect("customers_movebatchrow", provider="select, insert, update"),
        tie("customers_customertag", "customer_id", "customers_customer", "provider_id"),
        tie("customers_movebatchrow", "batch_id", "customers_movebatch", "provider_id"),
        tie("customers_movebatchrow", "customer_id", "customers_customer", "provider_id"),
    ]
