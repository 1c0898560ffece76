"""What one customer may order, and why not the rest."""

from collections import Counter
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Case, F, IntegerField, When
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.countries import countries
from subscriptions.exclusions import Exclusions
from subscriptions.models import Offer, Subscription
from subscriptions.quantities import check_quantity

Category = Offer.Category
# What is for one kind of customer alone; a customer's qualification has the same name.
ONLY_FOR = {
    Category.GOVERNMENT: gettext_lazy("Only for government customers"),
    Category.EDUCATION: gettext_lazy("Only for education customers"),
    Category.NON_PROFIT: gettext_lazy("Only for non-profit customers"),
}
MOST_NAMED = 3  # offers in one sentence
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
        if offer.price is None or not self._is_sold_here(offer):
            return Refusal(_("Not sold in %(country)s") % {"country": self.country.name})
        return self._wrong_segment(offer) or self._limit_reached(offer)

    def need(self, offer, quantities=()):
        """What this buyer must have or order besides ``offer``, as a sentence; "" for nothing.

        One of the prerequisites where the vendor names some, else an add-on needs any base.
        """
        if not (offer.prerequisites or offer.is_add_on):
            return ""
        others = [other for other in (*quantities, *self._owned_offers) if other != offer]
        if offer.prerequisites:
            if any(other.sku_id in offer.prerequisites for other in others):
                return ""
            names = sorted({self._names.get(sku_id, sku_id) for sku_id in offer.prerequisites})
            more = ", …" if len(names) > MOST_NAMED else ""
            words = ngettext("Needs %(names)s", "Needs one of: %(names)s", len(names))
            return words % {"names": ", ".join(names[:MOST_NAMED]) + more}
        has_base = any(not other.is_add_on for other in others)
        return "" if has_base else _("Needs a subscription that it is added to")

    def clash(self, offer, quantities=()):
        """What no user can have together with ``offer``, as a sentence; "" for nothing.

        That is no reason against the order: other users may have it (domain.md 2.13).
        """
        others = [other for other in (*quantities, *self._owned_offers) if other != offer]
        names = sorted({other.name for other in others if self._exclude(offer, other)})
        words = _("No user can have it together with %(names)s")
        return words % {"names": ", ".join(names)} if names else ""

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
        if need := self.need(offer, quantities):
            raise ValidationError(self._missing(offer, need))

    def _missing(self, offer, need):
        if offer.prerequisites:
            return f"{offer.name}: {need}"
        words = _("%(name)s is an add-on: select a subscription for it as well")
        return words % {"name": offer.name}

    def _is_sold_here(self, offer):
        return not offer.countries or self.country.code in offer.countries

    def _wrong_segment(self, offer):
        """Everybody buys what is for companies, and what is for their own kind; a government
        only the latter (domain.md 2.9)."""
        if offer.category in ONLY_FOR and offer.category != self.qualification:
            return Refusal(ONLY_FOR[offer.category])
        is_government = self.qualification == Category.GOVERNMENT
        if is_government and offer.category != Category.GOVERNMENT:
            return Refusal(_("Not for government customers"))
        return None

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

    @cached_property
    def _owned_offers(self):
        return [s.offer for s in self._subscriptions if s.is_owned]

    def _exclude(self, one, other):
        return self._exclusions.between(one.product_id, other.product_id)

    @cached_property
    def _exclusions(self):
        return Exclusions()

    @cached_property
    def _names(self):
        """What people call the offers that others need, by sku_id."""
        return dict(Offer.objects.order_by("-pk").values_list("sku_id", "name"))


def _at_most(limit):
    words = ngettext("Only one per customer", "Only %(limit)s per customer", limit)
    return words % {"limit": limit}
