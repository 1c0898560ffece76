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
    Kind.RESELLER: [_("See a password you chose yourself."), ELSEWHERE],
}


# What makes somebody the reseller of a customer, as the activity log calls it.
RESELLER_CHANGES = ("customer.assigned", "customer.handed_over", "customer.active")


class Partner(NamedTuple):
    """One partner of a customer; ``granted`` are its delegated admin privileges, if it has any.

    ``beside`` is the provider that a reseller works with.
    """

    name: str
    kind: str
    beside: str
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
    resets = kind == Kind.RESELLER and has_account and P.RESET_ADMIN_PASSWORD in held
    held = held if has_account and not resets else held - {P.RESET_ADMIN_PASSWORD}
    can = [yes for permission, (yes, _no) in MEANS.items() if permission in held]
    cannot = [no for permission, (_yes, no) in MEANS.items() if permission not in held and no]
    with_admin = [CHANGE] if _manages_when_delegated(kind, held, provider) else []
    with_admin += [MEANS[P.RESET_ADMIN_PASSWORD][0]] if resets else []
    with_admin.append(ADMINISTER)
    return Abilities(can, [*cannot, *NEVER[kind]], with_admin)


def partners_of_customer(relationships, granted, accounts, changes):
    """The partners behind a customer's ``relationships``.

    ``granted``: its DelegatedAdmin rows; ``accounts``: ids of the relationships for which the
    provider set up an admin account; ``changes``: its log entries of RESELLER_CHANGES.
    """
    since = {int(entry.target_id): entry.at for entry in sorted(changes, key=lambda e: e.at)}
    rights = {(right.customer_id, right.partner_id): right for right in granted}
    for relationship in relationships:
        pk, began = relationship.pk, relationship.created_at
        provider, reseller = relationship.provider, relationship.reseller
        able = abilities(Kind.PROVIDER, provider, has_account=pk in accounts)
        right = rights.get((pk, provider.pk))
        yield Partner(provider.name, Kind.PROVIDER, "", began, right, able.can, able.cannot)
        if reseller:
            right = rights.get((pk, reseller.pk))
            has_account = pk in accounts
            yield _reseller(reseller, provider, since.get(pk, began), right, has_account)


def _reseller(reseller, provider, since, right, has_account):
    able = abilities(Kind.RESELLER, provider, has_account=has_account)
    can, cannot = list(able.can), list(able.cannot)
    for words in [CHANGE, *([MEANS[P.RESET_ADMIN_PASSWORD][0]] if has_account else [])]:
        (can if right and words in able.with_admin else cannot).append(words)
    return Partner(reseller.name, Kind.RESELLER, provider.name, since, right, can, cannot)


def _manages_when_delegated(kind, held, provider):
    """Whether the privileges let a partner change subscriptions that others ordered."""
    profile = getattr(provider, "partner", None)
    switched_on = profile and profile.resellers_manage_subscriptions
    return kind == Kind.RESELLER and P.CHANGE_SUBSCRIPTION in held and switched_on
