"""What can happen to those who work in an organization.

Everything holds the organization first, so that members change one after another, then goes on
record, and writes the place and the account last: that person's own requests wait for those.
"""

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.accounts.services import (
    end_sessions,
    end_these_sessions,
    give_roles,
    hold_members,
    keep_a_global_admin,
)
from portal.audit.services import record
from portal.lifecycle import InvalidTransition
from portal.staff.rules import check_may_give, check_may_touch
from portal.staff.telling import tell


class Refused(InvalidTransition):
    """What stands in the way; ``reason`` says it to whoever wanted it."""

    reason = ""

    def __init__(self, reason):
        Exception.__init__(self, reason)
        self.reason = reason


class ChangedMeanwhile(Refused):
    """The roles are no longer those that the page showed; ``roles`` are those of now."""

    def __init__(self, held):
        names = ", ".join(map(str, held.role_names)) or "–"
        words = _("Somebody changed these roles in the meantime: they are now %(roles)s.")
        super().__init__(words % {"roles": names})
        self.roles = held.roles


@transaction.atomic
def change_roles(membership, roles, *, actor, before):
    """Give ``membership`` these ``roles`` instead of ``before``, those that the page showed.

    All sessions of the person end, and a mail tells them. Returns whether anything was new. Raises
    Forbidden when ``actor`` lacks what the person or one of the roles given or taken may do,
    LastGlobalAdmin, ChangedMeanwhile, and Refused for a deactivated one.
    """
    held, roles = _held(membership, actor), _in_order(roles)
    _check_active(held)
    if set(roles) == set(held.roles):
        return False
    if set(before) != set(held.roles):
        raise ChangedMeanwhile(held)
    check_may_give(actor, set(roles) ^ set(held.roles))
    if held.is_global_admin and Role.GLOBAL_ADMIN not in roles:
        keep_a_global_admin(held)
    changes = [["roles", ", ".join(_in_order(held.roles)), ", ".join(roles)]]
    record("membership.changed", actor=actor, target=held, changes=changes)
    tell(held, actor, "roles_changed", roles=roles)
    give_roles(held, roles, actor=actor)
    return True


@transaction.atomic
def deactivate(membership, *, actor):
    """Close this place; the person's places in other organizations stay as they are.

    All their sessions end all the same, since one session opens all places: elsewhere they sign in
    again. Returns False when it has been done already. Raises Forbidden, LastGlobalAdmin, and
    Refused for oneself.
    """
    held = _held(membership, actor)
    if held.pk == actor.pk:
        raise Refused(_("You can't deactivate yourself. Ask a colleague."))
    if held.deactivated_at:
        return False
    keep_a_global_admin(held)
    record("membership.deactivated", actor=actor, target=held)
    tell(held, actor, "deactivated")
    held.deactivated_at = now()
    held.save(update_fields=["deactivated_at"])
    end_sessions(held.user)
    return True


@transaction.atomic
def reactivate(membership, *, actor):
    """Open the place again with the roles it had. Returns False when it is open; Forbidden."""
    held = _held(membership, actor)
    if not held.deactivated_at:
        return False
    record("membership.reactivated", actor=actor, target=held)
    tell(held, actor, "reactivated", roles=held.roles)
    held.deactivated_at = None
    held.save(update_fields=["deactivated_at"])
    return True


@transaction.atomic
def sign_out(membership, *, actor, session=None):
    """End one session of the person (its id), or all of them, tracked or not.

    Whoever may look after this place may do so, even where the person works elsewhere, too:
    nobody gets in by it. Returns False when that one had ended already. Raises Forbidden.
    """
    held = _held(membership, actor)
    theirs = UserSession.objects.filter(user=held.user_id)
    if session is not None and not theirs.filter(pk=session).exists():
        return False
    record("membership.signed_out", actor=actor, target=held)
    if session is not None:
        end_these_sessions(theirs.filter(pk=session))
        return True
    end_sessions(held.user)
    if held.user_id == actor.user_id:
        actor.user.session_epoch = held.user.session_epoch
    return True


def _held(membership, actor):
    """The place as it is now, kept from changing, if ``actor`` may look after it."""
    hold_members(membership.organization_id)
    places = Membership.objects.visible_to(actor).select_related("user", "organization")
    held = places.get(pk=membership.pk)
    check_may_touch(actor, held)
    return held


def _check_active(held):
    if not held.is_active:
        raise Refused(_("This user is deactivated. Reactivate them first."))


def _in_order(roles):
    """As the table of roles has them."""
    return [role.value for role in Role if role in roles]
