from django.db import migrations

from portal.tenancy import ORGANIZATION

# A reseller resets the password of an admin account and nothing else of it, and only where the
# customer has granted it delegated admin privileges.
RESELLERS_RESET = f"""
    grant update (status, requested_by_id, revealed_at, revealed_by_id)
        on customers_adminaccount to twotier_reseller;
    create policy reseller_resets on customers_adminaccount as restrictive
        for update to twotier_reseller
        using (exists (
            select from customers_delegatedadmin held
            where held.customer_id = customers_adminaccount.customer_id
                and held.partner_id = {ORGANIZATION}
                and held.status = 'granted' and held.ends_at > now()
        ));
"""
UNDO = """
    drop policy reseller_resets on customers_adminaccount;
    revoke update (status, requested_by_id, revealed_at, revealed_by_id)
        on customers_adminaccount from twotier_reseller;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_customer_pages")]

    operations = [migrations.RunSQL(RESELLERS_RESET, UNDO)]
