"""Who may act for a customer, in words for the customer: the table of grants, read aloud."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from customers.delegated import allowed, switched_off
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
    P.EDIT_CUSTOMER: (
        _("Change what is written down about your company and its primary contact."),
        _("Change what is written down about your company."),
    ),
    P.RESET_ADMIN_PASSWORD: (
        _("Reset the password of your first admin account: yours then no longer works."),
        "",
    ),
}
ELSEWHERE = _("See what you have with other providers.")
NEVER = {
    Kind.PROVIDER: [_("See a password you chose yourself."), ELSEWHERE],
    Kind.RESELLER: [_("See a password you chose yourself."), ELSEWHERE],
}


# What makes somebody the reseller of a customer, as the activity log calls it.
RESELLER_CHANGES = ("customer.assigned", "customer.handed_over", "customer.active")


class Partner(NamedTuple):
    """One partner of a customer; ``granted`` are its delegated admin privileges, if it has any.

    ``beside`` is the provider that a reseller works with; ``is_former`` says that it looks after
    the customer no longer and still holds privileges.
    """

    name: str
    kind: str
    beside: str
    since: object
    granted: object
    can: list
    cannot: list
    is_former: bool = False

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
    with_admin = [service.to_customer for service in allowed(kind, provider)]
    if resets:
        with_admin.insert(0, MEANS[P.RESET_ADMIN_PASSWORD][0])
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
        yield _partner(provider, provider, began, rights.pop((pk, provider.pk), None), able)
        if reseller:
            right = rights.pop((pk, reseller.pk), None)
            able = abilities(Kind.RESELLER, provider, has_account=pk in accounts)
            yield _partner(reseller, provider, since.get(pk, began), right, able)
    yield from map(_former, rights.values())


def _partner(company, provider, since, right, able):
    refused = [service.to_customer for service in switched_off(company.kind, provider)]
    can = [*able.can, *(able.with_admin if right else [])]
    cannot = [*able.cannot, *refused, *([] if right else able.with_admin)]
    beside = provider.name if company != provider else ""
    return Partner(company.name, company.kind, beside, since, right, can, cannot)


def _former(right):
    """A partner whose privileges outlived the relationship."""
    partner, provider = right.partner, right.provider
    beside = provider.name if partner != provider else ""
    can = [service.to_customer for service in allowed(partner.kind, provider)]
    cannot = list(NEVER[Kind(partner.kind)])
    return Partner(partner.name, partner.kind, beside, right.granted_at, right, can, cannot, True)
