"""Who may change what of a subscription."""

from django.utils.translation import gettext as _

from customers.services import may_administer
from partners.models import PartnerProfile
from portal.accounts.roles import Kind, Permission
from subscriptions.changing.renewal import RENEWAL

FIELDS = {
    # Whoever buys also names it and decides how it goes on; a reseller changes licenses and
    # status, and nothing else.
    Permission.PLACE_ORDER: ("nickname", *RENEWAL),
    Permission.CHANGE_SUBSCRIPTION: ("quantity", "status"),
    Permission.SET_RESELLER_OF_RECORD: ("reseller_of_record", "mpn_id"),
    Permission.SET_SUPPORT_CONTACT: ("support_contact",),
}


def editable_fields(subscription, membership):
    """Names of the fields ``membership`` may change now; empty when it may only look."""
    if not subscription.is_running or why_not(subscription, membership):
        return []
    return [name for right, names in FIELDS.items() if membership.can(right) for name in names]


def why_not(subscription, membership):
    """Why a partner that could manage subscriptions can't manage this one; "" if it can."""
    kind = membership.organization.kind
    if kind != Kind.CUSTOMER and not subscription.customer.is_active:
        return _("The relationship with this customer has ended.")
    if kind != Kind.RESELLER:
        return ""
    provider = subscription.provider
    profile = PartnerProfile.objects.filter(organization=provider).first()
    if not profile or not profile.resellers_manage_subscriptions:
        return _("%(provider)s does not let resellers manage subscriptions.") % {
            "provider": provider.name
        }
    if may_administer(membership, subscription.customer_id):
        return ""
    return _("The customer does not give you administrator access, or has taken it back.")


def may_cancel(subscription, membership):
    """Whether ``membership`` could cancel the subscription now: whoever buys, in the window."""
    buys = membership.can(Permission.PLACE_ORDER)
    return bool(buys and subscription.ends_on and subscription.can_be_cancelled)
