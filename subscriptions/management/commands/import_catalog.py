from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.countries import countries
from portal.scope import OPERATOR, acting
from subscriptions.catalog_import import import_catalog
from subscriptions.demonstration.prices import RATES
from subscriptions.exclusions import import_exclusive_plans

DATA = Path(__file__).resolve().parents[2] / "data"
CONFLICTS = DATA / "catalog_conflicts.csv"
PLANS = DATA / "catalog_service_plans.csv"
OFFERS = [DATA / "catalog_csp_rules.csv", DATA / "catalog_further_offers.csv"]


class Command(BaseCommand):
    help = (
        "Import products and offers from CSV files and give them demonstration prices. Good rows "
        "are imported whatever the others hold; bad ones are listed and make the exit code 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("--products", type=Path, default=DATA / "catalog.csv")
        parser.add_argument(
            "--rules", type=Path, nargs="+", default=OFFERS, help="offers and limits"
        )
        parser.add_argument("--currencies", nargs="+", default=self._known_currencies())

    def handle(self, *, products, rules, currencies, **options):
        if unknown := set(currencies) - set(RATES):
            raise CommandError(f"No demonstration prices in {', '.join(sorted(unknown))}.")
        try:
            with acting(OPERATOR):
                counts, refused = import_catalog(products, rules, currencies)
                import_exclusive_plans(CONFLICTS, PLANS)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"A file could not be read: {error}") from error
        if options["verbosity"]:
            self.stdout.write("{:,} products, {:,} offers, {:,} prices.".format(*counts))
        for refusal in refused:
            self.stderr.write(str(refusal))
        if refused:
            raise CommandError(f"Rows refused: {len(refused)}")

    @staticmethod
    def _known_currencies():
        return sorted({country.currency for country in countries().values()} & set(RATES))
