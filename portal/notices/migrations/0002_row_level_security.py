from django.db import migrations

from portal.tenancy import protect

# Written in the scope of the organization that is told, and never changed.
OWN = ("select, insert", "organization_id")


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("accounts", "0001_initial")]

    operations = [protect("notices_notice", provider=OWN, reseller=OWN, customer=OWN)]
