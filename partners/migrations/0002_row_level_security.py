from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        protect(
            "partners_partnershiprequest",
            provider="select, insert, update",
            reseller="select, update",
            guest="token_hash",
            system="select, update",
        ),
        protect(
            "partners_partnership",
            provider="select, update",
            reseller="select, insert, update",
        ),
        # A reseller can only become partner of the provider whose invitation it answered.
        tie("partners_partnership", "request_id", "partners_partnershiprequest", "provider_id"),
        tie("partners_partnership", "request_id", "partners_partnershiprequest", "reseller_id"),
    ]
