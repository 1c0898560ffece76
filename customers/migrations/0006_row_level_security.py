from django.db import migrations

from portal.tenancy import ORGANIZATION, protect, tie

GRANTS, RENEWALS, OWNERS = (
    "customers_delegatedadmin",
    "customers_adminrenewal",
    "customers_tenantowner",
)


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_named_grants")]

    operations = [
        # A reseller also sees what it still holds at customers of another one, and nothing else
        # of them; the regular round looks for what ends.
        migrations.RunSQL(
            f"""
            create policy partner on {GRANTS} for select to twotier_reseller
                using (partner_id = {ORGANIZATION});
            create policy system on {GRANTS} for select to twotier_system using (true);
            grant select on {GRANTS} to twotier_system;
            """,
            f"""
            drop policy partner on {GRANTS};
            drop policy system on {GRANTS};
            revoke select on {GRANTS} from twotier_system;
            """,
        ),
        # Renewals are made in the provider's name, whoever of the partners asks.
        protect(
            RENEWALS,
            provider="select, insert, update",
            reseller=("select", "partner_id"),
            customer="select, update",
        ),
        protect(
            OWNERS,
            provider="select, update",
            reseller=("select", "partner_id"),
            customer="select, insert, update",
            system="select",
        ),
        tie(RENEWALS, "grant_id", GRANTS, "provider_id", "organization_id"),
        tie(RENEWALS, "grant_id", GRANTS, "partner_id"),
        tie(RENEWALS, "grant_id", GRANTS, "reseller_id", cascade=True),
        tie(OWNERS, "customer_id", "customers_customer", "provider_id", "organization_id"),
        tie(OWNERS, "customer_id", "customers_customer", "reseller_id", cascade=True),
    ]
