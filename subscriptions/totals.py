"""What an order adds up to: one amount per way of billing, because they are not alike."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from subscriptions.models import Billing

PER = {
    Billing.MONTHLY: _("per month"),
    Billing.ANNUAL: _("per year"),
    Billing.ONE_TIME: _("once"),
    Billing.NONE: _("free of charge"),
}


class Total(NamedTuple):
    amount: object
    currency: str
    billing: str

    @property
    def per(self):
        return PER[self.billing]

    @property
    def is_free(self):
        return self.billing == Billing.NONE


def totals(items):
    """Sums of ``items``, which are (amount, currency, billing), in the order months to once."""
    sums = {}
    for amount, currency, billing in items:
        sums[currency, billing] = sums.get((currency, billing), 0) + amount
    order = list(Billing)
    found = [Total(amount, *key) for key, amount in sums.items()]
    return sorted(found, key=lambda total: (total.currency, order.index(total.billing)))
