"""What somebody can do and why: read off the table of grants and the memberships, nothing else."""

from functools import reduce
from typing import NamedTuple

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Count
from django.utils.translation import gettext as _

from portal.accounts import second_factor
from portal.accounts.models import Membership
from portal.accounts.permission_words import Group, Words, of_kind, words_of
from portal.accounts.roles import GRANTS, Permission, Role

MOST_NAMED = 3  # colleagues of each role


class Right(NamedTuple):
    """One thing that can be done: the labels of the ``roles`` that give it here.

    ``by`` are those of them that the person holds; ``people`` some of those who hold one.
    """

    permission: Permission
    words: Words
    roles: list
    by: list
    people: list


class Holders(NamedTuple):
    """A right, the labels of the roles that give it, and how many active people hold one."""

    permission: Permission
    words: Words
    roles: list
    number: int


def rights_of(membership):
    """(heading, Rights) for each part of the work in the person's organization."""
    organization = membership.organization
    named = _some_of_each_role(organization)
    return _grouped(
        _right(membership, permission, named) for permission in of_kind(organization.kind)
    )


def who_can(organization):
    """(heading, Holders) for each part of the work in ``organization``."""
    kind, numbers = organization.kind, _numbers(organization)
    return _grouped(
        Holders(
            permission,
            words_of(permission, kind),
            _labels(roles := organization.roles_with(permission)),
            sum(number for held, number in numbers if set(held) & set(roles)),
        )
        for permission in of_kind(kind)
    )


def holders(organization, permission):
    """Active members of ``organization`` with a role that gives ``permission``, by name."""
    roles = organization.roles_with(permission)
    return _active(organization).holding(*roles)


def obstacles_of(membership):
    """What keeps the person from using their rights at this moment, in sentences."""
    user = membership.user
    if not membership.is_active:
        yield _("Deactivated: nobody can do anything here with this account.")
    if membership.organization.is_suspended:
        yield _("The organization is suspended: its people can only read at the moment.")
    if not membership.roles:
        yield _("Without a role there is only one's own profile to be seen.")
    if user.temporary_password_expired:
        yield _("The temporary password has expired: it must be reset first.")
    elif user.must_change_password:
        yield _("At the first sign-in a password of one's own must be chosen, before all else.")
    if second_factor.is_required_in(membership.organization) and not is_mfa_enabled(user):
        yield _("Two-factor authentication is required and must be set up, before all else.")


def _right(membership, permission, named):
    organization = membership.organization
    roles = organization.roles_with(permission)
    people = {member.pk: member for role in roles for member in named[role]}
    return Right(
        permission,
        words_of(permission, organization.kind),
        _labels(roles),
        _labels(role for role in roles if role in membership.roles),
        list(people.values())[:MOST_NAMED],
    )


def _labels(roles):
    return [role.label for role in roles]


def _grouped(rights):
    """In the order of the groups, then of the table of rights."""
    by_group = {group: [] for group in Group}
    for right in rights:
        by_group[right.words.group].append(right)
    return [(group.label, found) for group, found in by_group.items() if found]


def _numbers(organization):
    """(roles, how many active people hold just these) for what there is in ``organization``."""
    people = _active(organization).exclude(roles=[]).order_by()
    return list(people.values_list("roles").annotate(Count("pk")))


def _active(organization):
    people = Membership.objects.filter(organization=organization).active()
    order = ("user__last_name", "user__first_name", "user__username", "pk")
    return people.select_related("user").order_by(*order)


def _some_of_each_role(organization):
    """The first few people of each role, in one query."""
    people = [
        _active(organization).holding(role)[:MOST_NAMED] for role in GRANTS[organization.kind]
    ]
    found = reduce(lambda some, more: some.union(more, all=True), people)
    unique = {member.pk: member for member in found}.values()
    return {role: [m for m in unique if role in m.roles] for role in Role}
