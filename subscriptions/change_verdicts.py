"""Whether a subscription can name other partners, and if not, why: one word for each reason."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from partners.models import Partnership, region_of
from subscriptions.models import Subscription

WORDS = {
    "gone": _("The relationship with this customer has ended."),
    "over": _("The subscription is not active or suspended."),
    "same": _("It names them already: there is nothing to change."),
    "no_partnership": _("You have no active partnership with this partner."),
    "unsigned": _("This reseller has not signed the partner agreement yet."),
    "region": _("The customer is in another sales region than the reseller."),
    "changed": _("Somebody else has changed the subscription in the meantime."),
    "not_allowed": _("Who started this may no longer change it."),
}


class Verdict(NamedTuple):
    """``reason`` is a key of WORDS, or "" where the subscription can be changed."""

    subscription: Subscription
    reason: str

    @property
    def words(self):
        """The reason as people read it; "" where there is none."""
        return str(WORDS.get(self.reason, ""))


def validate_change(subscriptions, changes, actor):
    """A Verdict on each of ``subscriptions``, in their order; one query, however many they are.

    ``changes`` may set ``reseller_of_record`` (an MpnAccount or None) and ``support_contact`` (an
    Organization or None); ``actor`` is a member of their provider, whose permission is not asked
    here. Only partners can be named, as reseller of record only those that have signed the
    agreement and are in the customer's sales region (domain.md 2.10 and 4.11).
    """
    partners = _partners(changes, actor)
    return [Verdict(one, _reason(one, changes, partners)) for one in subscriptions]


def differing(subscription, changes):
    """Names of ``changes`` that are something else on the subscription now."""
    return [
        name
        for name, value in changes.items()
        if getattr(subscription, f"{name}_id") != (value and value.pk)
    ]


def _partners(changes, actor):
    """The active partnerships with those named, by the partner's id."""
    location, contact = changes.get("reseller_of_record"), changes.get("support_contact")
    named = {location and location.organization_id, contact and contact.pk} - {None}
    found = Partnership.objects.visible_to(actor).active().filter(reseller__in=named)
    return {partnership.reseller_id: partnership for partnership in found.with_partners()}


def _reason(subscription, changes, partners):
    if not subscription.customer.is_active:
        return "gone"
    if not subscription.is_running:
        return "over"
    names = differing(subscription, changes)
    location = changes["reseller_of_record"] if "reseller_of_record" in names else None
    contact = changes["support_contact"] if "support_contact" in names else None
    if location and (reason := _why_not(location, subscription, partners)):
        return reason
    if contact and contact.pk not in partners:
        return "no_partnership"
    return "" if names else "same"


def _why_not(location, subscription, partners):
    partnership = partners.get(location.organization_id)
    if partnership is None:
        return "no_partnership"
    if partnership.agreement_missing:
        return "unsigned"
    is_near = region_of(location.country) == region_of(subscription.customer.country)
    return "" if is_near else "region"
