"""What people are told of license and order requests, and of subscriptions that end.

``subscriptions.services.telling``, ``telling_orders`` and ``life_telling`` say when.
"""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission as P
from portal.notices.kinds import Kind, Topic, register

LETTERS = "subscriptions/emails/"

TOPICS = {
    "licenses_asked": Topic(_("a customer asks for a change of licenses"), P.CHANGE_SUBSCRIPTION),
    "licenses_answered": Topic(_("a partner answers your license request"), P.REQUEST_LICENSES),
    "subscriptions_ending": Topic(
        _("a customer's subscription ends or is about to be deleted"), P.CHANGE_SUBSCRIPTION
    ),
    "own_subscriptions_ending": Topic(
        _("a subscription of your company ends or is about to be deleted"), P.REQUEST_LICENSES
    ),
    "orders_asked": Topic(_("a reseller asks you to order"), P.PLACE_ORDER),
    "orders_answered": Topic(_("a provider answers your request to order"), P.REQUEST_ORDER),
}

KINDS = {
    "licenses_asked": Kind(
        _("%(customer)s asks for other licenses of %(product)s: %(before)s → %(after)s"),
        topic="licenses_asked",
        letter=f"{LETTERS}licenses_asked",
    ),
    "licenses_approved": Kind(
        _("%(partner)s approved your license request for %(product)s: %(before)s → %(after)s"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_approved",
    ),
    "licenses_declined": Kind(
        _("%(partner)s declined your license request for %(product)s: %(before)s → %(after)s"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_declined",
    ),
    "licenses_expired": Kind(
        _("Your license request for %(product)s was not answered in time"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_expired",
    ),
    "licenses_approved_by_partner": Kind(
        _("%(partner)s approved the license request of %(customer)s for %(product)s")
    ),
    "licenses_declined_by_partner": Kind(
        _("%(partner)s declined the license request of %(customer)s for %(product)s")
    ),
    "licenses_withdrawn": Kind(_("%(customer)s withdrew its license request for %(product)s")),
    "licenses_missed": Kind(
        _("The license request of %(customer)s for %(product)s was not answered in time")
    ),
    "subscription_ending": Kind(
        _("%(product)s of %(customer)s ends on %(until_at)s"),
        topic="subscriptions_ending",
        letter=f"{LETTERS}subscription_ending",
    ),
    "subscription_deleting": Kind(
        _("%(product)s of %(customer)s is suspended and will be deleted on %(until_at)s"),
        topic="subscriptions_ending",
        letter=f"{LETTERS}subscription_deleting",
    ),
    "subscription_expired": Kind(
        _("%(product)s of %(customer)s has ended"),
        topic="subscriptions_ending",
        letter=f"{LETTERS}subscription_expired",
    ),
    "own_subscription_ending": Kind(
        _("%(product)s ends on %(until_at)s"),
        topic="own_subscriptions_ending",
        letter=f"{LETTERS}own_subscription_ending",
    ),
    "own_subscription_deleting": Kind(
        _("%(product)s is suspended and will be deleted on %(until_at)s"),
        topic="own_subscriptions_ending",
        letter=f"{LETTERS}own_subscription_deleting",
    ),
    "own_subscription_expired": Kind(
        _("%(product)s has ended"),
        topic="own_subscriptions_ending",
        letter=f"{LETTERS}own_subscription_expired",
    ),
    "order_asked": Kind(
        _("%(reseller)s asks you to order for %(customer)s"),
        topic="orders_asked",
        letter=f"{LETTERS}order_asked",
    ),
    "order_approved": Kind(
        _("%(provider)s has ordered for %(customer)s: %(order)s"),
        topic="orders_answered",
        letter=f"{LETTERS}order_approved",
    ),
    "order_declined": Kind(
        _("%(provider)s declined to order for %(customer)s"),
        topic="orders_answered",
        letter=f"{LETTERS}order_declined",
    ),
    "order_expired": Kind(
        _("Your request to order for %(customer)s was not answered in time"),
        topic="orders_answered",
        letter=f"{LETTERS}order_expired",
    ),
    "order_withdrawn": Kind(_("%(reseller)s withdrew its request to order for %(customer)s")),
    "order_missed": Kind(
        _("The request of %(reseller)s to order for %(customer)s was not answered in time")
    ),
}

register(TOPICS, KINDS)
