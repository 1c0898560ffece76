from django.db import migrations

from portal.tenancy import protect, tie


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_relationship_requests"),
        ("partners", "0004_row_level_security"),
    ]

    operations = [
        protect(
            "customers_relationshiprequest",
            provider="select, insert, update",
            reseller="select, insert, update",
            customer="select, update",
            guest="token_hash",
            system="select, update",
        ),
        # Neither side can ask in the name of a company that is not, or was not, its partner.
        tie(
            "customers_relationshiprequest",
            "partnership_id",
            "partners_partnership",
            "provider_id",
            "reseller_id",
        ),
    ]
