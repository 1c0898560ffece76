from django.db import migrations

from portal.tenancy import protect

# Of one organization; that a person sees only their own is the queryset's business.
OWN = ("select, insert, update, delete", "organization_id")


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0021_calendar_feed")]

    operations = [
        protect(
            "subscriptions_calendarfeed",
            provider=OWN,
            reseller=OWN,
            customer=OWN,
            guest="token_hash",
        ),
    ]
