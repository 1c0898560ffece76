"""What people are told of customers and their grants.

See ``customers.services.telling`` and ``customers.grant_telling`` for when.
"""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission as P
from portal.notices.kinds import Kind, Topic, register

LETTERS = "customers/emails/"

TOPICS = {
    "relationship_answered": Topic(
        _("a customer accepts or declines your relationship request, or accepts a partner's"),
        P.INVITE_CUSTOMERS,
    ),
    "relationship_expired": Topic(
        _("your relationship request runs out unanswered"), P.INVITE_CUSTOMERS
    ),
    "renewal_asked": Topic(
        _("a partner asks to keep delegated admin privileges"), P.ANSWER_RELATIONSHIP
    ),
    "partner_admin_ending": Topic(
        _("delegated admin privileges of a partner at your company end soon, or have ended"),
        P.ANSWER_RELATIONSHIP,
    ),
    "admin_ending": Topic(
        _("delegated admin privileges of your company end soon, or have ended"),
        P.REQUEST_DELEGATED_ADMIN,
    ),
    "admin_answered": Topic(
        _("a customer extends, declines or removes delegated admin privileges"),
        P.REQUEST_DELEGATED_ADMIN,
    ),
    "ownership": Topic(
        _("a customer gives or revokes tenant owner permissions"), P.CHANGE_SUBSCRIPTION
    ),
    "customer_removed": Topic(_("a customer relationship ends"), P.INVITE_CUSTOMERS),
    "provider_left": Topic(
        _("a provider ends the relationship with your company"), P.ANSWER_RELATIONSHIP
    ),
}


def _kind(words, name, topic):
    return Kind(words, topic=topic, letter=f"{LETTERS}{name}")


KINDS = {
    "relationship_accepted": _kind(
        _("%(customer)s accepted your relationship request"),
        "relationship_accepted",
        "relationship_answered",
    ),
    "relationship_shared": _kind(
        _("%(customer)s accepted the relationship request of %(partner)s"),
        "relationship_shared",
        "relationship_answered",
    ),
    "relationship_declined": _kind(
        _("%(customer)s declined your relationship request"),
        "relationship_declined",
        "relationship_answered",
    ),
    "relationship_expired": _kind(
        _("The relationship request to %(recipient)s was not answered by %(expires_at)s"),
        "relationship_expired",
        "relationship_expired",
    ),
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
    "customer_agreed": Kind(_("%(customer)s accepted the customer agreement")),
    "renewal_asked": _kind(
        _("%(partner)s asks to keep its delegated admin privileges, which end on %(until_at)s"),
        "renewal_asked",
        "renewal_asked",
    ),
    "renewal_reminded": _kind(
        _("%(partner)s still waits for your answer: its privileges end on %(until_at)s"),
        "renewal_reminded",
        "renewal_asked",
    ),
    "renewal_extended": _kind(
        _("%(customer)s extended your delegated admin privileges until %(until_at)s"),
        "renewal_extended",
        "admin_answered",
    ),
    "renewal_declined": _kind(
        _("%(customer)s does not extend your delegated admin privileges: they end on %(until_at)s"),
        "renewal_declined",
        "admin_answered",
    ),
    "admin_removed": _kind(
        _("%(customer)s removed your delegated admin privileges"),
        "admin_removed",
        "admin_answered",
    ),
    "admin_ending": _kind(
        _("Delegated admin privileges that end by %(until_at)s: %(number)s"),
        "admin_ending",
        "admin_ending",
    ),
    "admin_ended": _kind(
        _("Delegated admin privileges that have ended: %(number)s"), "admin_ended", "admin_ending"
    ),
    "admin_ends": _kind(
        _("The delegated admin privileges of %(partner)s end on %(until_at)s"),
        "admin_ends",
        "partner_admin_ending",
    ),
    "admin_expired": _kind(
        _("The delegated admin privileges of %(partner)s have ended as agreed"),
        "admin_expired",
        "partner_admin_ending",
    ),
    "owner_given": _kind(
        _("%(customer)s gave you tenant owner permissions until %(until_at)s"),
        "owner_given",
        "ownership",
    ),
    "owner_revoked": _kind(
        _("%(customer)s revoked your tenant owner permissions"), "owner_revoked", "ownership"
    ),
}

register(TOPICS, KINDS)
