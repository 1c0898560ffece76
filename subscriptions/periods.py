"""What is charged for which days, to the cent.

A term is cut into billing periods that begin on its day of the month. A license costs its price
for a whole period; what is bought within one is charged for the days from that day on, and what is
cancelled is credited for them. Each purchase is rounded for itself, half a cent up: so a credit is
never more than what was charged.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate

from subscriptions.marketplace import months_after
from subscriptions.models import Billing

CENT = Decimal("0.01")
STEPS = {Billing.MONTHLY: 1, Billing.ANNUAL: 12}  # months; everything else is billed once a term


def periods(subscription):
    """The billing periods of the term that runs: (first day, day after the last), in order."""
    start, end = subscription.started_on, subscription.ends_on
    day = subscription.anchor_day or start.day
    step = STEPS.get(subscription.billing)
    bounds = [start]
    while step and (bound := months_after(start, step * len(bounds), day)) < end:
        bounds.append(bound)
    return list(zip(bounds, [*bounds[1:], end], strict=True))


def period_at(subscription, day):
    """The billing period that ``day`` lies in; the last one for a day after the term."""
    begun = [period for period in periods(subscription) if period[0] <= day]
    return begun[-1] if begun else periods(subscription)[0]


def share(amount, period, since):
    """What of ``amount``, the charge for a whole ``period``, is for the days from ``since`` on."""
    start, end = period
    days = (end - max(start, min(since, end))).days
    return (amount * days / (end - start).days).quantize(CENT, ROUND_HALF_UP)


def credit_of(subscription, on, keep=0):
    """What comes back on the day ``on`` for all licenses but ``keep``, in its currency.

    The days before ``on`` have been used, that day has not: who cancels on the first day gets
    everything back. What was bought last goes first.
    """
    period = period_at(subscription, on)
    price, credit = subscription.unit_price, Decimal("0.00")
    for before, after in _purchases(subscription, period[0]):
        credit += share(price * max(0, after - max(before, keep)), period, on)
    return credit


def charge_of(subscription, on, before=0):
    """What is charged for the period of ``on`` for the licenses beyond ``before``, from then on."""
    number = max(0, subscription.quantity - before)
    return share(subscription.unit_price * number, period_at(subscription, on), on)


def _purchases(subscription, start):
    """(licenses before, licenses after) of each purchase since ``start``, oldest first; what there
    was on that day counts as one."""
    later = [
        before for at, before in subscription.increases if localdate(parse_datetime(at)) > start
    ]
    bounds = [0, *later, subscription.quantity]
    return list(zip(bounds, bounds[1:], strict=False))
