"""What delegated admin privileges allow, and who has them at this moment.

Every page, letter and form that says what they allow asks ``allowed``: a service that comes to
depend on them is entered here once, and is then named everywhere.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from customers.models import DelegatedAdmin, TenantOwner
from portal.accounts.roles import Kind, Permission, roles_with


class Service(NamedTuple):
    """Something a partner of one of these ``kinds`` does for a customer only when privileged.

    It counts where some role there holds ``permission`` (None: nobody needs one) and the provider
    has its ``switch`` on. ``to_customer`` and ``to_partner`` say it to the one and to the other.
    """

    permission: Permission | None
    to_customer: str
    to_partner: str
    kinds: tuple = (Kind.PROVIDER, Kind.RESELLER)
    switch: str = ""


SERVICES = [
    Service(
        Permission.CHANGE_SUBSCRIPTION,
        _("Change numbers of licenses, and suspend or resume subscriptions."),
        _("Change numbers of licenses, and suspend or resume the customer's subscriptions."),
        kinds=(Kind.RESELLER,),
        switch="resellers_manage_subscriptions",
    ),
    Service(
        Permission.MANAGE_USERS,
        _(
            "Look after your users and their licenses: add and delete users, reset passwords, "
            "assign licenses."
        ),
        _(
            "Look after the customer's users and their licenses: add and delete users, reset "
            "passwords, assign licenses."
        ),
    ),
    Service(
        None,
        _("Administer your accounts and services in your name: settings, support requests."),
        _(
            "Administer the customer's accounts and services in its name: settings, "
            "support requests."
        ),
    ),
]


def allowed(kind, provider=None):
    """The Services that a partner of this kind may offer with the privileges.

    ``provider`` is the one whose switches count; None leaves them out of account.
    """
    return [
        service
        for service in SERVICES
        if kind in service.kinds and _counts(service, kind, provider)
    ]


def switched_off(kind, provider):
    """The Services that would need the privileges, but that ``provider`` does not let happen."""
    offered = allowed(kind, provider)
    return [each for each in SERVICES if kind in each.kinds and each not in offered]


def may_administer(membership, customer):
    """Whether the member's company has delegated admin privileges at ``customer``, now."""
    rights = DelegatedAdmin.objects.visible_to(membership).granted()
    return rights.filter(customer=customer, partner=membership.organization_id).exists()


def is_privileged(partner, organization):
    """Whether the Organization ``partner`` has delegated admin privileges at another, now."""
    rights = DelegatedAdmin.objects.granted()
    return rights.filter(organization=organization, partner=partner).exists()


def is_tenant_owner(membership, customer):
    """Whether ``customer`` made this member, or the member's whole team, its tenant owner."""
    owners = TenantOwner.objects.visible_to(membership).granted()
    mine = owners.filter(customer=customer, partner=membership.organization_id)
    people = set(mine.values_list("person", flat=True))
    return bool(people & {None, membership.user_id})


def _counts(service, kind, provider):
    if service.permission and not roles_with(kind, service.permission):
        return False
    if not service.switch or provider is None:
        return True
    return getattr(getattr(provider, "partner", None), service.switch, False)
