"""Where subscriptions are set up. Another market is another function like ``activate``."""

from calendar import monthrange
from datetime import timedelta
from typing import NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from subscriptions.models import Term

NOT_SOLD = gettext_noop("This offer is not sold any more.")
BASE_NOT_ACTIVE = gettext_noop("What this add-on belongs to is not active.")
NO_ANSWER = gettext_noop("The market does not answer.")
NO_CUSTOMER = gettext_noop("The customer relationship has been removed.")
MONTHS = {Term.MONTH: 1, Term.YEAR: 12, Term.THREE_YEARS: 36, Term.SIX_YEARS: 72}
TRIAL = timedelta(days=30)


class Unavailable(Exception):
    """The market can't be asked just now; the text is for staff, untranslated."""


class Refused(Exception):
    """The market will never set this line up as it is; the text is for staff, untranslated."""


class Commitment(NamedTuple):
    started_on: object
    ends_on: object


def activate(line):
    """Set up what an order line asks for, in this portal itself: it is good from today.

    Returns the Commitment. Raises Refused for what will never work, and Unavailable when it is
    worth asking again: no answer, a time-out (of 20 seconds at most: the order is locked
    meanwhile), the market closed. Must do nothing new when asked twice.
    """
    if not line.offer.is_available:
        raise Refused(NOT_SOLD)
    customer = line.order.customer
    if customer.status != customer.Status.ACTIVE:
        raise Refused(NO_CUSTOMER)
    base = line.subscription.base
    if base and base.status != base.Status.ACTIVE:
        raise Refused(BASE_NOT_ACTIVE)
    today = localdate()
    return Commitment(today, term_end(today, line.offer.term))


def term_end(start, term, day=None):
    """The day a term that begins on ``start`` ends: the first one that no longer belongs to it.

    ``day`` is the day of the month it keeps to, that of ``start`` if there is none: what began on
    the 31st ends on the 28th of February and on the 31st of March.
    """
    return start + TRIAL if term == Term.TRIAL else months_after(start, MONTHS[term], day)


def months_after(start, months, day=None):
    """``start`` some months later, on ``day`` of the month or on the last one it has."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    last = monthrange(year, month)[1]
    return start.replace(year=year, month=month, day=min(day or start.day, last))
