"""What partners and customers are told of their relationship; see ``services.telling``."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission as P
from portal.notices.kinds import Kind, Topic, register

LETTERS = "customers/emails/"

TOPICS = {
    "customer_removed": Topic(_("a customer relationship ends"), P.INVITE_CUSTOMERS),
    "provider_left": Topic(
        _("a provider ends the relationship with your company"), P.ANSWER_RELATIONSHIP
    ),
}

KINDS = {
    "customer_removed": Kind(
        _("%(person)s removed the reseller relationship with %(customer)s"),
        topic="customer_removed",
        letter=f"{LETTERS}customer_removed",
    ),
    "customer_removed_by_provider": Kind(
        _("%(provider)s ended the relationship with your customer %(customer)s"),
        topic="customer_removed",
        letter=f"{LETTERS}customer_removed_by_provider",
    ),
    "provider_left": Kind(
        _("%(provider)s ended the relationship with your company"),
        topic="provider_left",
        letter=f"{LETTERS}provider_left",
    ),
}

register(TOPICS, KINDS)
