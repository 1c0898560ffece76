from django.db import migrations

from portal.tenancy import protect, tie

TABLE = "subscriptions_licenseassignment"


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0007_licenses"),
        ("customers", "0013_row_level_security"),
    ]

    operations = [
        protect(
            TABLE,
            provider="select, insert, update, delete",
            reseller="select, insert, delete",
            customer="select, insert, delete",
        ),
        # A customer's own admins assign what it has: they count it, and change nothing else.
        migrations.RunSQL(
            "grant update (assigned) on subscriptions_subscription to twotier_customer",
            "revoke update (assigned) on subscriptions_subscription from twotier_customer",
        ),
        # A license goes to the organization's own users, and names whom the subscription names.
        tie(
            TABLE, "subscription_id", "subscriptions_subscription", "provider_id", "organization_id"
        ),
        tie(TABLE, "subscription_id", "subscriptions_subscription", "reseller_id", cascade=True),
        tie(TABLE, "person_id", "customers_customeruser", "organization_id"),
    ]
