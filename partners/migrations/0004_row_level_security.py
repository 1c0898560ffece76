from django.db import migrations

from portal.tenancy import protect, tie

# Two-sided rows keep what 0002 gave them; these belong to one side alone.
OWN = "select, insert, update"


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_whole_partnerships")]

    operations = [
        protect("partners_lettertemplate", provider="select, insert, update, delete"),
        protect("partners_requestbatch", provider=OWN),
        protect("partners_requestbatchrow", provider=OWN),
        protect(
            "partners_profilechange",
            provider=("select, insert", "organization_id"),
            reseller=("select, insert", "organization_id"),
        ),
        tie("partners_requestbatchrow", "batch_id", "partners_requestbatch", "provider_id"),
        tie("partners_requestbatchrow", "request_id", "partners_partnershiprequest", "provider_id"),
        tie(
            "partners_partnershiprequest",
            "previous_id",
            "partners_partnershiprequest",
            "provider_id",
        ),
    ]
