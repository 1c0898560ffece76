from django.db import migrations

from portal.tenancy import protect, tie

INVITATIONS = ("select, insert, update", "organization_id")
HANDOUTS = ("select, insert, update, delete", "organization_id")


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_joining"), ("accounts", "0001_initial")]

    operations = [
        protect(
            "staff_userinvitation",
            provider=INVITATIONS,
            reseller=INVITATIONS,
            guest="token_hash",
            system="select, update",
        ),
        # Customers have none, but Django looks for some when a place in them is removed.
        protect("staff_handout", provider=HANDOUTS, reseller=HANDOUTS, customer=HANDOUTS),
        tie("staff_handout", "membership_id", "accounts_membership", "organization_id"),
    ]
