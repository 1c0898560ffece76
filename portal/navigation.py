"""The menu: which pages an organization has, in the order people need them."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission as P
from portal.links import reverse

HOME = "subscriptions:home"
SETTINGS = _("Account settings")

# page, words, who sees it, heading
MENU = [
    (HOME, _("Home"), P.VIEW_HOME, ""),
    ("partners:reseller_list", _("Indirect resellers"), P.VIEW_RESELLERS, ""),
    ("partners:provider_list", _("Indirect providers"), P.VIEW_PROVIDERS, ""),
    ("customers:customer_list", _("Customers"), P.VIEW_CUSTOMERS, ""),
    ("subscriptions:subscription_list", _("Subscriptions"), P.VIEW_SUBSCRIPTIONS, ""),
    ("subscriptions:own_user_list", _("Users and licenses"), P.VIEW_OWN_USERS, ""),
    ("subscriptions:support", _("Who helps you"), P.VIEW_OWN_SERVICES, ""),
    ("customers:partner_list", _("Partner relationships"), P.VIEW_PARTNER_RELATIONSHIPS, ""),
    ("customers:own_agreement", _("Customer agreement"), P.VIEW_PARTNER_RELATIONSHIPS, ""),
    ("subscriptions:order_list", _("Orders"), P.PLACE_ORDER, ""),
    ("subscriptions:incentives", _("Incentives"), P.VIEW_INCENTIVES, ""),
    ("subscriptions:price_list", _("Pricing and offers"), P.VIEW_PRICES, ""),
    ("staff:member_list", _("Users"), P.VIEW_STAFF, SETTINGS),
    ("security:policy", _("Security"), P.VIEW_SECURITY, SETTINGS),
    ("partners:profile_detail", _("Company profile"), P.VIEW_COMPANY, SETTINGS),
    ("partners:identifier_list", _("Identifiers"), P.VIEW_COMPANY, SETTINGS),
    ("partners:agreement", _("Agreements"), P.VIEW_COMPANY, SETTINGS),
    ("partners:letter_list", _("Email texts"), P.EDIT_LETTERS, SETTINGS),
    ("customers:owner_list", _("User settings"), P.VIEW_PARTNER_RELATIONSHIPS, SETTINGS),
    ("audit:entry_list", _("Activity log"), P.VIEW_ACTIVITY, SETTINGS),
    ("outbox:message_list", _("Deliveries"), P.VIEW_DELIVERIES, SETTINGS),
]


def navigation_for(request):
    """The entries this membership may open, the current one marked."""
    membership = request.membership
    entries = [
        {"label": label, "url": reverse(page, organization=membership.organization), "group": group}
        for page, label, permission, group in MENU
        if membership.can(permission)
    ]
    home = reverse(HOME, organization=membership.organization)
    for entry in entries:
        url = entry["url"]
        here = request.path == url if url == home else request.path.startswith(url)
        entry |= {"current": here, "count": None}
    return entries
