"""What a partnership lets each side do, in sentences: read off the table of grants, not written.

A sentence stands under "can" as long as some role holds the permission that makes it true; take
the grant away in ``portal.accounts.roles`` and it moves to "can't" by itself.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind, Permission, roles_with

P = Permission


class Right(NamedTuple):
    """``sentence`` goes on after "they can"; ``switch`` names a provider's own setting."""

    permission: Permission
    sentence: str
    switch: str = ""


class Rights(NamedTuple):
    can: list
    cannot: list


OF_THE_PROVIDER = [
    Right(P.ADD_CUSTOMER, _("add new customers on your behalf")),
    Right(P.PLACE_ORDER, _("submit orders and add subscriptions for the customers you share")),
    Right(P.EDIT_CUSTOMER, _("change what is written down about the customers you share")),
    Right(P.MOVE_CUSTOMERS, _("make another company, or nobody, the reseller of a customer")),
    Right(P.REMOVE_CUSTOMER, _("end the relationship with a customer you share")),
    Right(P.SET_RESELLER_OF_RECORD, _("name you as reseller of record, by your MPN ID")),
    Right(P.SET_SUPPORT_CONTACT, _("name you as support contact for specific subscriptions")),
    Right(P.REQUEST_DELEGATED_ADMIN, _("ask customers for delegated admin privileges")),
    Right(P.ANSWER_PARTNERSHIP, _("answer other providers' requests for you")),
]
# Rights end at the border of an organization, which the database guards: no grant changes these.
NEVER = [
    _("see customers you don't share"),
    _("sign agreements for you"),
    _("change your users"),
]
OF_THE_RESELLER = [
    Right(P.VIEW_CUSTOMERS, _("see the customers you share and their subscriptions")),
    Right(
        P.CHANGE_SUBSCRIPTION,
        _("change licence numbers, suspend and resume where a customer delegated that to you"),
        switch="resellers_manage_subscriptions",
    ),
    Right(P.MANAGE_USERS, _("look after a customer's users where it delegated that to you")),
    Right(
        P.RESET_ADMIN_PASSWORD,
        _("reset the password of a customer's first admin where it delegated that to you"),
    ),
    Right(P.INVITE_CUSTOMERS, _("invite new customers for both companies at once")),
    Right(P.END_PARTNERSHIP, _("end the partnership at any time")),
    Right(P.REQUEST_ORDER, _("ask the provider to order for a customer")),
    Right(P.PLACE_ORDER, _("place orders yourselves")),
]

# What a side holds and the sentences need not say: it concerns nobody but that side, or a sentence
# speaks of more than its own permission.
UNSAID = {
    Kind.PROVIDER: {
        *(P.VIEW_HOME, P.VIEW_RESELLERS, P.VIEW_COMPANY, P.VIEW_ACTIVITY, P.VIEW_DELIVERIES),
        *(P.VIEW_ALL_ACTIVITY, P.VIEW_ADDRESSES, P.VIEW_STAFF, P.MANAGE_STAFF),
        *(P.VIEW_SECURITY, P.MANAGE_SECURITY, P.RETRY_DELIVERY, P.RETRY_ORDER),
        *(P.REQUEST_PARTNERSHIP, P.REMOVE_PARTNERSHIP, P.EDIT_LETTERS),
        *(P.ACCEPT_AGREEMENT, P.MANAGE_COMPANY, P.MANAGE_GLOBAL_ADMINS, P.TAG_CUSTOMERS),
        *(P.VIEW_PRICES, P.VIEW_INCENTIVES),
        # Of customers, with "add new customers" or only where a customer delegates it.
        *(P.VIEW_CUSTOMERS, P.VIEW_SUBSCRIPTIONS, P.INVITE_CUSTOMERS, P.ATTEST_AGREEMENT),
        *(P.SEE_SETUP_INFO, P.RESET_ADMIN_PASSWORD, P.CHANGE_SUBSCRIPTION, P.CHANGE_BILLING),
        *(P.VIEW_USERS, P.MANAGE_USERS, P.RESET_USER_PASSWORD, P.ASSIGN_LICENSES),
    },
    Kind.RESELLER: {
        *(P.VIEW_HOME, P.VIEW_PROVIDERS, P.VIEW_COMPANY, P.VIEW_ACTIVITY, P.ANSWER_PARTNERSHIP),
        *(P.VIEW_ALL_ACTIVITY, P.VIEW_ADDRESSES, P.VIEW_STAFF, P.MANAGE_STAFF),
        *(P.VIEW_SECURITY, P.MANAGE_SECURITY, P.VIEW_DELIVERIES, P.RETRY_DELIVERY),
        *(P.ACCEPT_AGREEMENT, P.MANAGE_COMPANY, P.VIEW_SUBSCRIPTIONS, P.SEE_SETUP_INFO),
        *(P.REQUEST_DELEGATED_ADMIN, P.VIEW_USERS, P.RESET_USER_PASSWORD, P.ASSIGN_LICENSES),
    },
}


def of_the_provider():
    """The Rights of a provider's staff towards its resellers."""
    rights = _sorted(Kind.PROVIDER, OF_THE_PROVIDER, profile=None)
    return Rights(rights.can, [*rights.cannot, *NEVER])


def of_the_reseller(profile):
    """The Rights of a reseller's own staff; ``profile`` is the provider's, with its switches."""
    return _sorted(Kind.RESELLER, OF_THE_RESELLER, profile)


def _sorted(kind, rights, profile):
    found = Rights([], [])
    for right in rights:
        allowed = not right.switch or getattr(profile, right.switch, True)
        held = allowed and roles_with(kind, right.permission)
        (found.can if held else found.cannot).append(right.sentence)
    return found
