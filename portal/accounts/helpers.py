"""Whom people can ask when they can't sign in: colleagues, or whoever set up their account."""

from typing import NamedTuple

from portal.accounts.roles import Kind, Permission, roles_with
from portal.scope import acting

MOST = 5  # of each organization
_finders = {}


class Helper(NamedTuple):
    """Somebody to ask, or a company."""

    name: str
    email: str = ""
    phone: str = ""


def helps(kind):
    """Register a function that returns the Helpers of a Membership of such an organization."""
    return lambda finder: _finders.setdefault(kind, finder)


def helpers_of(user):
    """The Helpers of somebody in all their organizations, each once."""
    found = {}
    for place in user.places:
        with acting(place.organization.actor, read_only=True):
            found |= dict.fromkeys(_finders[Kind(place.organization.kind)](place))
    return list(found)


def colleagues(place, permission):
    """The Helpers among the colleagues of ``place`` (a Membership) who hold ``permission``."""
    roles = roles_with(place.organization.kind, permission)
    able = place.organization.memberships.active().holding(*roles).exclude(user=place.user_id)
    people = able.select_related("user").order_by("user__last_name", "pk")[:MOST]
    return [Helper(str(each.user), each.user.email) for each in people]


@helps(Kind.PROVIDER)
@helps(Kind.RESELLER)
def _those_who_manage_staff(place):
    return colleagues(place, Permission.MANAGE_STAFF)
