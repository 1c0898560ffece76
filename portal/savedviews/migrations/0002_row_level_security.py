from django.db import migrations

from portal.tenancy import protect, tie

# Of one organization; which of them a person sees is the queryset's business.
OWN = ("select, insert, update, delete", "organization_id")


class Migration(migrations.Migration):
    dependencies = [("savedviews", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        protect("savedviews_savedview", provider=OWN, reseller=OWN, customer=OWN),
        protect("savedviews_startview", provider=OWN, reseller=OWN, customer=OWN),
        tie("savedviews_startview", "view_id", "savedviews_savedview", "organization_id"),
    ]
