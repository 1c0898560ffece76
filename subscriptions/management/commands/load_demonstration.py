from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import Organization
from portal.scope import OPERATOR, acting
from subscriptions.demonstration import load
from subscriptions.models import Offer


class Command(BaseCommand):
    help = "Fill an empty portal with invented partners and customers (only with DEBUG on)."

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("Demonstration accounts have known passwords: set DEBUG=1 first.")
        if Organization.objects.exists():
            raise CommandError("The portal is not empty; nothing was loaded.")
        if not Offer.objects.exists():
            raise CommandError("There are no offers to sell: run import_catalog first.")
        with acting(OPERATOR):
            load()
        self.stdout.write("Demonstration data loaded.")
