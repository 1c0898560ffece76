from importlib import import_module

from django.db import migrations

from portal.tenancy import protect

USERS = import_module("customers.migrations.0013_row_level_security")
TABLE = "customers_accountinvitation"
# As of the users they are about: partners see them as long as they may administer them.
OPEN_TO_PARTNERS = "\n".join(
    f"""
    create policy {kind} on {TABLE} to twotier_{kind} using ({USERS.ADMINISTERED});
    grant select, insert, update on {TABLE} to twotier_{kind};
    """
    for kind in USERS.PARTNERS
)
CLOSED = "\n".join(f"drop policy if exists {kind} on {TABLE};" for kind in USERS.PARTNERS)


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_accountinvitation")]

    operations = [
        protect(
            TABLE,
            customer="select, insert, update, delete",
            guest="token_hash",
            system="select, update",
        ),
        migrations.RunSQL(OPEN_TO_PARTNERS, CLOSED),
    ]
