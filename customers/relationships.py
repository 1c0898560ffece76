"""Who may act for a customer, in words for the customer: the table of grants, read aloud."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import GRANTS, Kind
from portal.accounts.roles import Permission as P

# What each permission means to a customer whose partner has it, and whose partner has not.
MEANS = {
    P.PLACE_ORDER: (
        _("Order subscriptions for you, and change, suspend or cancel them."),
        _("Buy anything for you: that goes through the provider."),
    ),
    P.SET_SUPPORT_CONTACT: (
        _("Choose which reseller looks after your subscriptions, and who supports you."),
        "",
    ),
    P.VIEW_CUSTOMERS: (
        _("See your company's data, its contacts and your subscriptions."),
        "",
    ),
    P.RESET_ADMIN_PASSWORD: (
        _("Reset the password of your first admin account: yours then no longer works."),
        "",
    ),
}
CHANGE = _("Change numbers of licenses, and suspend or resume subscriptions.")
ADMINISTER = _(
    "Administer your accounts and services in your name: users, settings, support requests."
)
ELSEWHERE = _("See what you have with other providers.")
NEVER = {
    Kind.PROVIDER: [_("See a password you chose yourself."), ELSEWHERE],
    Kind.RESELLER: [_("Sign in as you, or see your passwords."), ELSEWHERE],
}


class Partner(NamedTuple):
    """One partner of a customer; ``granted`` are its delegated admin privileges, if it has any."""

    name: str
    kind: str
    since: object
    granted: object
    can: list
    cannot: list

    @property
    def role(self):
        return Kind(self.kind).label


class Abilities(NamedTuple):
    """What a partner could do for a customer, and what not; sentences.

    ``with_admin`` is what delegated admin privileges would add.
    """

    can: list
    cannot: list
    with_admin: list


def abilities(kind, provider, *, has_account=False):
    """The Abilities of a partner of this kind, beside ``provider`` or as ``provider`` itself.

    ``has_account`` tells whether the provider set up an admin account for the customer, whose
    password it can then reset.
    """
    held = frozenset().union(*GRANTS[kind].values())
    held = held if has_account else held - {P.RESET_ADMIN_PASSWORD}
    can = [yes for permission, (yes, _no) in MEANS.items() if permission in held]
    cannot = [no for permission, (_yes, no) in MEANS.items() if permission not in held and no]
    with_admin = [CHANGE] if _manages_when_delegated(kind, held, provider) else []
    with_admin.append(ADMINISTER)
    return Abilities(can, [*cannot, *NEVER[kind]], with_admin)


def partners_of_customer(relationships, granted, accounts):
    """The partners behind a customer's ``relationships``.

    ``granted``: its DelegatedAdmin rows; ``accounts``: ids of the relationships for which the
    provider set up an admin account.
    """
    rights = {(right.customer_id, right.partner_id): right for right in granted}
    for relationship in relationships:
        for company in filter(None, (relationship.provider, relationship.reseller)):
            right = rights.get((relationship.pk, company.pk))
            yield _partner(relationship, company, right, relationship.pk in accounts)


def _partner(relationship, company, right, has_account):
    able = abilities(company.kind, relationship.provider, has_account=has_account)
    can, cannot = list(able.can), list(able.cannot)
    if company.kind == Kind.RESELLER:
        (can if right and CHANGE in able.with_admin else cannot).append(CHANGE)
    return Partner(company.name, company.kind, relationship.created_at, right, can, cannot)


def _manages_when_delegated(kind, held, provider):
    """Whether the privileges let a partner change subscriptions that others ordered."""
    profile = getattr(provider, "partner", None)
    switched_on = profile and profile.resellers_manage_subscriptions
    return kind == Kind.RESELLER and P.CHANGE_SUBSCRIPTION in held and switched_on
