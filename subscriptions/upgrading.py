"""What a subscription can be upgraded to, and why not to the rest (``domain.md`` 4.9)."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers.services import may_administer
from portal.scope import acting
from subscriptions.buying import Buyer
from subscriptions.exclusions import Exclusions
from subscriptions.models import LicenseAssignment, Offer, Subscription
from subscriptions.quantities import check_quantity

Status = Subscription.Status
OVER = (Status.EXPIRED, Status.CANCELLED, Status.DELETED)


class Refusal(NamedTuple):
    """Why it can't be upgraded: the ``code`` of the reason, and the sentence for people."""

    code: str
    reason: str


class Target(NamedTuple):
    """An offer on the way up; its ``refusal`` says why it can't be taken, if it can't."""

    offer: Offer
    refusal: Refusal | None


class Upgrade:
    """A subscription in front of the ways its product can go, for ``membership``."""

    def __init__(self, subscription, membership):
        self.subscription, self.membership = subscription, membership

    @cached_property
    def refusal(self):
        """Why nothing at all can be upgraded here, or None."""
        for check in (_trial, _inactive, _not_administered, _with_add_ons):
            if found := check(self.subscription, self.membership):
                return found
        if not self.targets:
            return Refusal("no_paths", _("There is nothing this subscription can be upgraded to."))
        return None

    @cached_property
    def targets(self):
        """The Targets that the catalogue names, by name: one per product."""
        found = {}
        for offer in self._offers():
            known = found.get(offer.sku_id)
            if known is None or (self._is_sold(offer) and not self._is_sold(known)):
                found[offer.sku_id] = offer
        return [Target(offer, self._refusal(offer)) for offer in found.values()]

    def refusal_of(self, offer, price):
        """Why it can't become ``offer`` at ``price``, or None."""
        target = next((each for each in self.targets if each.offer == offer), None)
        if target is None:
            return Refusal("not_found", _("This subscription can't be upgraded to that offer."))
        if target.refusal is None and target.offer.price != price:
            return Refusal("price", _("The price has changed. Check it and select it again."))
        return target.refusal

    def _offers(self):
        kept = self.subscription
        offers = Offer.objects.priced_in(
            kept.currency, market=kept.customer.country, quantity=kept.quantity
        )
        named = offers.filter(sku_id__in=self.subscription.offer.conversions)
        return named.order_by("name_key", "term", "billing", "pk")

    def _is_sold(self, offer):
        """Whether it is sold for the term and the billing plan that the subscription keeps."""
        kept = (self.subscription.term, self.subscription.billing)
        has_price = offer.is_available and offer.price is not None
        return has_price and (offer.term, offer.billing) == kept

    def _refusal(self, offer):
        if not self._is_sold(offer):
            words = _("Not sold for %(term)s with billing “%(billing)s”.")
            plan = {
                "term": self.subscription.get_term_display(),
                "billing": self.subscription.get_billing_display(),
            }
            return Refusal("not_sold", words % plan)
        if offer.sku_id in self._owned:
            return Refusal("owned", _("The customer has it already."))
        if refused := self._buyer.refusal(offer):
            return Refusal("not_sold", refused.reason)
        return self._too_many(offer) or self._conflict(offer)

    def _too_many(self, offer):
        low, high = offer.min_quantity, offer.max_quantity
        try:
            check_quantity(self.subscription.quantity, name=offer.name, low=low, high=high)
        except ValidationError as problem:
            return Refusal("quantity", f"{problem.message}.")

    def _conflict(self, offer):
        """A user can't have two services of one kind: the licenses move to their users."""
        for product, name in self._beside:
            if self._exclusions.between(offer.product_id, product):
                words = _("Users of this subscription have %(name)s, which excludes it.")
                return Refusal("conflicting_services", words % {"name": name})

    @cached_property
    def _buyer(self):
        return Buyer.of_customer(self.subscription.customer)

    @cached_property
    def _owned(self):
        """What else the customer has of this provider, as sku_ids."""
        others = Subscription.objects.filter(customer=self.subscription.customer_id)
        others = others.exclude(pk=self.subscription.pk).exclude(status__in=OVER)
        return set(others.values_list("offer__sku_id", flat=True))

    @cached_property
    def _beside(self):
        """(product, name) of what the users of its licenses have besides, from whomever.

        The organization looks; what comes from another provider is not named.
        """
        ours, organization = self.subscription.provider_id, self.subscription.organization
        mine = LicenseAssignment.objects.filter(subscription=self.subscription.pk)
        with acting(organization.actor):
            held = LicenseAssignment.objects.in_force().exclude(subscription=self.subscription.pk)
            held = held.filter(person__in=mine.values("person")).order_by()
            columns = ("offer__product", "name", "provider")
            found = set(held.values_list(*(f"subscription__{name}" for name in columns)))
        elsewhere = _("a license from another partner")
        named = ((product, name if by == ours else elsewhere) for product, name, by in found)
        return sorted(named, key=lambda pair: pair[1])

    @cached_property
    def _exclusions(self):
        targets = self._offers().values_list("product", flat=True)
        return Exclusions({*targets, *(product for product, _name in self._beside)})


def _trial(subscription, _membership):
    if subscription.offer.is_trial:
        return Refusal("trial", _("A trial is converted to a paid subscription instead."))


def _inactive(subscription, _membership):
    if subscription.status != Status.ACTIVE:
        return Refusal("not_active", _("Only an active subscription can be upgraded."))


def _not_administered(subscription, membership):
    if not may_administer(membership, subscription.customer_id):
        words = _("The customer does not give you delegated admin privileges. Ask for them first.")
        return Refusal("no_delegated_admin", words)


def _with_add_ons(subscription, _membership):
    there = subscription.add_ons.exclude(status__in=OVER).order_by("name", "pk")
    if names := ", ".join(add_on.title for add_on in there):
        words = _("It has add-ons that would be left without their base: %(names)s.")
        return Refusal("add_ons_present", words % {"names": names})
