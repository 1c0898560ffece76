"""Who may give which roles, and look after whom: nobody gives or touches what they don't hold."""

from django.utils.translation import gettext as _

from portal.accounts.decorators import Forbidden
from portal.accounts.roles import GRANTS, Permission, Role


def may_give(actor, roles):
    """Whether ``actor`` (a Membership) holds every one of ``roles`` completely."""
    known = GRANTS[actor.organization.kind]
    return all(role in known and actor.may_grant(role) for role in map(Role, roles))


def check_may_give(actor, roles):
    """Raise Forbidden, which names those who may, unless ``actor`` may give ``roles``."""
    if not may_give(actor, roles):
        raise _lacking(actor, roles)


def check_may_touch(actor, membership):
    """Raise Forbidden unless ``actor`` may do everything that ``membership`` may do here."""
    if not membership.permissions <= actor.permissions:
        raise _lacking(actor, membership.roles)


def may_touch_everywhere(actor, user):
    """Whether the person behind ``actor`` may look after ``user`` wherever ``user`` works.

    A password opens all places at once. Operators of the portal are nobody's to look after.
    """
    if user.is_staff or user.is_superuser:
        return False
    own = {place.organization_id: place for place in actor.user.places}
    theirs = user.memberships.select_related("organization")
    return all(_may_manage(own.get(place.organization_id), place) for place in theirs)


def _may_manage(actor, membership):
    if actor is None or not actor.can(Permission.MANAGE_STAFF):
        return False
    return membership.permissions <= actor.permissions


def _lacking(actor, roles):
    """The refusal that names whoever holds the rarest of what ``actor`` lacks."""
    organization = actor.organization
    missing = sorted(organization.permissions_of(roles) - actor.permissions)
    rarest = min(missing, key=lambda each: len(organization.roles_with(each)), default=None)
    labels = ", ".join(str(Role(role).label) for role in roles)
    sentence = _("look after users with the role %(roles)s") % {"roles": labels}
    return Forbidden(rarest or Permission.MANAGE_STAFF, sentence)
