"""Doing what a Plan says, all of it or nothing."""

from django.db import connection, transaction

from subscriptions.models import Offer, OfferPrice
from subscriptions.price_lists.facts import FIELDS
from subscriptions.price_lists.planning import plan

BATCH = 2000  # rows per statement
LOCK = 7207  # one import at a time: what was planned is still true when it is done
PRICE_FIELDS = ["max_quantity", "valid_until", "unit_price", "erp_price"]
# Between two statements prices may overlap; at the end, none does.
LATER = "set constraints prices_do_not_overlap deferred"
NOW = "set constraints prices_do_not_overlap immediate"


@transaction.atomic
def import_file(file, *, is_full=False, dry_run=False):
    """Take over what the PriceFile says, or with ``dry_run`` only say what that would be.

    Returns the Plan. ``is_full`` is explained at ``plan``.
    """
    lock()
    found = plan(file, is_full=is_full)
    if not dry_run:
        take_over(found)
    return found


def lock():
    """Wait for other imports; until the transaction ends, none can begin."""
    _execute("select pg_advisory_xact_lock(%s)", [LOCK])


def take_over(found):
    """Write the Plan, which was made in this transaction behind ``lock``."""
    _execute(LATER)
    Offer.objects.bulk_create(found.offers, batch_size=BATCH)
    Offer.objects.bulk_update(
        found.facts, [name.removesuffix("_id") for name in FIELDS], BATCH // 10
    )
    for start in range(0, len(found.gone), BATCH):
        OfferPrice.objects.filter(pk__in=found.gone[start : start + BATCH]).delete()
    new = [price for price in found.prices if price.pk is None]
    OfferPrice.objects.bulk_create(_stored(found.prices), batch_size=BATCH, **_over_the_same())
    OfferPrice.objects.bulk_create(new, batch_size=BATCH)
    _execute(NOW)


def _stored(prices):
    return [price for price in prices if price.pk is not None]


def _over_the_same():
    """Rows with an id replace themselves: thousands at once, which an UPDATE each is not."""
    return {"update_conflicts": True, "unique_fields": ["id"], "update_fields": PRICE_FIELDS}


def _execute(statement, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
