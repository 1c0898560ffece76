"""What one customer may order, and why not the rest."""

from collections import Counter
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Case, F, IntegerField, When
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from portal.countries import countries
from subscriptions.models import Offer, Subscription
from subscriptions.quantities import check_quantity

Category = Offer.Category
MOST = 2**31 - 1  # what the database can compare


class Refusal(NamedTuple):
    """Why an offer can't be ordered, and the subscription to change instead, if there is one."""

    reason: str
    subscription: Subscription | None = None


class Buyer:
    """A customer, or somebody who is about to become one, in front of the offers."""

    def __init__(self, country, qualification, customer=None):
        self.country = countries()[country]
        self.currency = self.country.currency
        self.qualification, self.customer = qualification, customer

    @classmethod
    def of_customer(cls, customer):
        return cls(customer.country, customer.qualification, customer)

    @classmethod
    def of_account(cls, account):
        """The buyer a draft's account data describe; nobody who has anything yet."""
        return cls(account["country"], account["qualification"])

    def offers(self, quantities=None):
        """All offers, with the price this buyer pays for a license.

        ``quantities`` (offer id -> licenses) say which tier it is of; of the other offers it is
        the one for as few licenses as can be bought.
        """
        bought = [When(pk=pk, then=min(number, MOST)) for pk, number in (quantities or {}).items()]
        quantity = Case(*bought, default=F("min_quantity"), output_field=IntegerField())
        return Offer.objects.priced_in(self.currency, market=self.country.code, quantity=quantity)

    def refusal(self, offer):
        """Why this buyer can't order ``offer`` (one of ``offers()``), or None."""
        if not offer.is_available:
            return Refusal(_("Not sold any more"))
        if offer.price is None:
            return Refusal(_("Not sold in %(country)s") % {"country": self.country.name})
        if offer.category == Category.GOVERNMENT:
            return Refusal(_("Only for government customers"))
        is_school = self.qualification == Customer.Qualification.EDUCATION
        if offer.category == Category.EDUCATION and not is_school:
            return Refusal(_("Only for education customers"))
        return self._limit_reached(offer)

    def problems(self, quantities):
        """What is wrong with ordering ``quantities`` (offer -> licenses): offer -> sentence."""
        found = {}
        for offer, quantity in quantities.items():
            try:
                self._check(offer, quantity, quantities)
            except ValidationError as problem:
                found[offer] = problem.message
        return found

    def _check(self, offer, quantity, quantities):
        if refusal := self.refusal(offer):
            raise ValidationError(f"{offer.name}: {refusal.reason}")
        low, high = offer.min_quantity, offer.max_quantity
        check_quantity(quantity, name=offer.name, low=low, high=high)
        chosen = Counter(other.sku_id for other in quantities)[offer.sku_id]
        if offer.limit_per_customer and chosen + self._owned(offer) > offer.limit_per_customer:
            raise ValidationError(f"{offer.name}: {_at_most(offer.limit_per_customer)}")
        if offer.is_add_on and not self._has_base(quantities):
            words = _("%(name)s is an add-on: select a subscription for it as well")
            raise ValidationError(words % {"name": offer.name})

    def _limit_reached(self, offer):
        limit = offer.limit_per_customer
        if limit and self._owned(offer) >= limit:
            if offer.is_trial:
                return Refusal(_("The customer has had this trial"))
            return Refusal(_at_most(limit), self._owned_of(offer)[-1])
        if offer.is_trial and (paid := self._paid_version_of(offer)):
            return Refusal(_("The customer has this already"), paid)
        return None

    @cached_property
    def _subscriptions(self):
        """Everything the customer ever had, oldest first."""
        if self.customer is None:
            return []
        had = Subscription.objects.filter(customer=self.customer).select_related("offer")
        return list(had.order_by("created_at", "pk"))

    def _owned_of(self, offer):
        """The subscriptions that count against its limit: of a trial, all there ever were."""
        same = [s for s in self._subscriptions if s.offer.sku_id == offer.sku_id]
        return same if offer.is_trial else [s for s in same if s.is_owned]

    def _owned(self, offer):
        return len(self._owned_of(offer))

    def _paid_version_of(self, trial):
        if trial.product_id is None:
            return None
        same = (s for s in self._subscriptions if s.offer.product_id == trial.product_id)
        return next((s for s in same if s.is_owned and not s.offer.is_trial), None)

    def _has_base(self, quantities):
        owned = (s.offer for s in self._subscriptions if s.is_owned)
        return any(not offer.is_add_on for offer in (*quantities, *owned))


def _at_most(limit):
    words = ngettext("Only one per customer", "Only %(limit)s per customer", limit)
    return words % {"limit": limit}
