"""What a list of customers shows besides the customers themselves, got for a page at once."""

from django.db.models import prefetch_related_objects

from customers.models import SUBSCRIPTIONS_OVER
from portal.references import decode_all, decode_or_none

MOST_OPEN = 5  # expanded rows
NAMED = 3  # subscriptions an expanded row names


def pin_new(page, customers):
    """Put the customer just added (``?new=C-…``) in front when its place is on another page."""
    new = decode_or_none("C", page.query.get("new", ""))
    for row in page.rows:
        row.is_new = row.pk == new
    if new and page.is_first and not any(row.is_new for row in page.rows):
        for row in customers.filter(pk=new):
            row.is_new = True
            page.rows.insert(0, row)


def add_figures(page, customers):
    """Give each row its numbers of subscriptions and licenses."""
    figures = customers.figures(page.rows)
    for row in page.rows:
        row.subscription_count, row.license_count = figures.get(row.pk, (0, 0))


def open_rows(page):
    """Fill the rows the address names (``?open=C-…``, at most five) and link all to open or close.

    Sets ``page.open_url``, to which the reference of a closed row is added. Returns the rows that
    the address names and that are closed again, because later ones make five.
    """
    named = dict.fromkeys(decode_all("C", page.query.getlist("open")))  # in the order of opening
    here = {row.pk: row for row in page.rows}
    for row in page.rows:
        row.is_open = False
    opened = [here[pk] for pk in named if pk in here]
    rows = opened[-MOST_OPEN:]
    fill_panels(rows)
    for row in rows:
        row.close_url = _address(page.query, [other for other in rows if other != row])
    page.open_url = _address(page.query, rows, last="")
    return opened[:-MOST_OPEN]


def fill_panels(rows):
    """Load what the expanded ``rows`` show: the first subscriptions, and how many more."""
    prefetch_related_objects(rows, "subscriptions")
    for row in rows:
        lasting = [s for s in row.subscriptions.all() if s.status not in SUBSCRIPTIONS_OVER]
        row.named, row.further = lasting[:NAMED], len(lasting[NAMED:])
        row.is_open = True


def _address(query, rows, last=None):
    """This page with ``rows`` open; with ``last``, one more whose reference begins so."""
    query = query.copy()
    for name in ("open", "new"):
        query.pop(name, None)
    query.setlist("open", [row.reference for row in rows] + ([] if last is None else [last]))
    return f"?{query.urlencode()}"
