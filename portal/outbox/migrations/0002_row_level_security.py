from django.db import migrations

from portal.tenancy import protect


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        protect(
            "outbox_outboxmessage",
            provider=("select, insert, update", "organization_id"),
            reseller=("select, insert, update", "organization_id"),
            customer=("select, insert, update", "organization_id"),
            system="select, update",
            insert_any=True,
        ),
    ]
