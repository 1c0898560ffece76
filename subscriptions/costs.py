"""What a license request means in money, for the provider."""

from typing import NamedTuple

from subscriptions.models import LicenseRequest


class Costs(NamedTuple):
    """Totals per billing period, excluding tax, before and after; ``more`` is the difference."""

    before: object
    after: object
    currency: str
    billing: str

    @property
    def more(self):
        return self.after - self.before


def costs_of(asked):
    """The Costs of a LicenseRequest: from the licenses of now while it waits, else of then."""
    subscription = asked.subscription
    waits = asked.state == LicenseRequest.Status.OPEN
    before = subscription.quantity if waits else asked.before
    price = subscription.unit_price
    return Costs(
        price * before, price * asked.quantity, subscription.currency, subscription.billing
    )
