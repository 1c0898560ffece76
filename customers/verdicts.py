"""Whether a customer can go to another reseller, and if not, why: one word for each reason."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from partners.models import Partnership, region_of

WORDS = {
    "removed": _("The relationship with this customer has ended."),
    "already": _("This reseller looks after the customer already."),
    "direct": _("No indirect reseller looks after the customer already."),
    "no_partnership": _("You have no active partnership with this reseller."),
    "unsigned": _("This reseller has not signed the partner agreement yet."),
    "region": _("The customer is in another sales region than the reseller."),
    "changed": _("Somebody else has changed the customer's reseller in the meantime."),
    "not_allowed": _("Who started this may no longer move customers."),
}


class Verdict(NamedTuple):
    """``reason`` is a key of WORDS, or "" where the customer can be moved."""

    customer: Customer
    reason: str

    @property
    def words(self):
        """The reason as people read it; "" where there is none."""
        return str(WORDS.get(self.reason, ""))


def validate_move(customers, reseller, actor):
    """A Verdict on each of ``customers``, in their order; two queries, however many they are.

    ``reseller`` is the organization they are to go to, or None for no reseller at all; ``actor``
    a member of their provider, whose permission is not asked here. A reseller must be an active
    partner that has signed the agreement, in the customer's sales region (domain.md 4.5, seed
    s129 and s143).
    """
    partnership = reseller and _partnership(reseller, actor)
    return [Verdict(customer, _reason(customer, reseller, partnership)) for customer in customers]


def _partnership(reseller, actor):
    found = Partnership.objects.visible_to(actor).active().filter(reseller=reseller)
    return found.with_partners().first()


def _reason(customer, reseller, partnership):
    if customer.status != Customer.Status.ACTIVE:
        return "removed"
    if reseller is None:
        return "" if customer.reseller_id else "direct"
    if customer.reseller_id == reseller.pk:
        return "already"
    if partnership is None:
        return "no_partnership"
    if partnership.agreement_missing:
        return "unsigned"
    is_near = region_of(partnership.location.country) == region_of(customer.country)
    return "" if is_near else "region"
