"""What can happen to a customer's users. Licenses are freed by ``subscriptions.services.users``.

The account is written last, after what is recorded: that person's own requests wait for it.
"""

from datetime import datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from customers.models import AccountInvitation, CustomerUser
from customers.provisioning import directory
from customers.services.administering import (
    check_may_touch,
    why_no_deletion_of,
    why_no_reset_of,
)
from customers.services.ending_invitations import end_invitation
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.accounts.services import (
    LastGlobalAdmin,
    create_member,
    end_these_sessions,
    give_roles,
    keep_a_global_admin,
)
from portal.accounts.temporary import new_password
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition

Status = CustomerUser.Status


class Refused(Exception):
    """Something people can mend; ``reason`` says what, in their language."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


class AccountTaken(Refused):
    """Somebody else has the account name."""


class UsersPassword(NamedTuple):
    """What is shown once: kept by nobody but the browser it is sent to."""

    person: CustomerUser
    password: str
    until: datetime


@transaction.atomic
def add_user(
    *,
    actor,
    organization,
    account,
    first_name,
    last_name,
    display_name,
    country,
    roles,
    language=None,
):
    """Create a user of ``organization`` who can't sign in until a password is shown to ``actor``.

    ``account`` is the whole account name, ``country`` a two-letter code, ``roles`` roles of
    customers, none for a user, ``language`` theirs if it is not that of ``actor``. Returns the
    CustomerUser. Raises AccountTaken, and Forbidden when only a global admin may give these roles.
    """
    check_may_touch(actor, roles=roles)
    names = {"first_name": first_name, "last_name": last_name}
    try:
        with transaction.atomic():
            membership = create_member(
                organization=organization,
                username=account,
                roles=roles,
                must_change_password=True,
                language=language or actor.user.language,
                **names,
            )
    except IntegrityError as error:
        raise AccountTaken(_("The account name %s is taken.") % account) from error
    person = CustomerUser.objects.create(
        organization=organization,
        user=membership.user,
        membership=membership,
        display_name=display_name,
        country=country,
        created_by=actor.user,
        password_for=actor.user,
    )
    _record("customeruser.added", actor, person)
    return person


@transaction.atomic
def edit_user(person, *, actor, first_name, last_name, display_name, country, roles):
    """Write what is new; returns whether anything was. Other roles end all sessions of the user.

    Raises InvalidTransition when the user has been deleted, Forbidden, and Refused when it would
    leave the organization without a global admin.
    """
    person = hold(person, actor)
    check_may_touch(actor, roles=roles)
    if person.is_global_admin and Role.GLOBAL_ADMIN not in roles:
        _keep_a_global_admin(person)
    shown = {"display_name": display_name, "country": country}
    names = {"first_name": first_name, "last_name": last_name}
    held = {"roles": [str(role) for role in roles]}
    news = ((person, shown), (person.user, names), (person.membership, held))
    changed = [name for obj, values in news for name in _differing(obj, values)]
    if changed:
        _record("customeruser.changed", actor, person, fields=", ".join(changed))
    _write(person, shown)
    _write(person.user, names)
    if "roles" in changed:
        give_roles(person.membership, roles, actor=actor)
    return bool(changed)


@transaction.atomic
def deactivate_user(person, *, actor):
    """End the sign-in and every session now; restorable until ``purged_after``.

    Returns the user; raises InvalidTransition, Forbidden, and Refused for oneself, for the last
    global admin, and for whoever works elsewhere, too.
    """
    person = hold(person, actor)
    if person.user_id == actor.user_id:
        raise Refused(_("You can't delete your own account. Ask a colleague."))
    if why := why_no_deletion_of(person):
        raise Refused(why)
    if person.is_global_admin:
        _keep_a_global_admin(person)
    moved = transition(
        person,
        Status.DEACTIVATED,
        actor=actor,
        also=[actor.organization_id],
        deactivated_at=now(),
        password_for=None,
    )
    end_invitation(person, actor=actor)
    _write(person.user, {"is_active": False})
    directory().end_sessions(person.user)
    return moved


@transaction.atomic
def sign_out_user(person, *, actor, session=None):
    """End one session of the user (its id), or all of them, tracked or not.

    Returns False when that one had ended already. Raises InvalidTransition for a deleted user, and
    Forbidden.
    """
    person = hold(person, actor)
    theirs = UserSession.objects.filter(user=person.user)
    if session is not None and not theirs.filter(pk=session).exists():
        return False
    _record("customeruser.signed_out", actor, person)
    if session is not None:
        end_these_sessions(theirs.filter(pk=session))
        return True
    directory().end_sessions(person.user)
    if person.user_id == actor.user_id:
        actor.user.session_epoch = person.user.session_epoch
    return True


@transaction.atomic
def restore_user(person, *, actor):
    """Let a deleted user sign in as before; licenses do not come back by themselves.

    Raises InvalidTransition when it is too late, or somebody was faster; Forbidden.
    """
    found = _locked(person)
    check_may_touch(actor, roles=found.membership.roles if found.membership else [])
    if not found.is_restorable:
        raise InvalidTransition(found, Status.ACTIVE)
    moved = transition(
        found, Status.ACTIVE, actor=actor, also=[actor.organization_id], deactivated_at=None
    )
    _write(found.user, {"is_active": True})
    return moved


@transaction.atomic
def reset_user_password(person, *, actor, without_factor=False):
    """Close the account and let ``actor`` see a new temporary password, once.

    The old password, all sessions and a link to choose the first one end now, with
    ``without_factor`` the second factor, too. Raises InvalidTransition for a deleted user,
    Forbidden, and Refused when ``why_no_reset_of`` has a reason.
    """
    person = hold_account(person, actor)
    end_invitation(person, actor=actor)
    _record("customeruser.reset", actor, person)
    if without_factor:
        _record("customeruser.unlocked", actor, person)
        Authenticator.objects.filter(user=person.user).delete()
    _write(person, {"password_for": actor.user})
    _write(person.user, {"must_change_password": True})
    directory().close(person.user)
    return person


@sensitive_variables("password")
@transaction.atomic
def reveal_user_password(person, *, actor):
    """Make the temporary password at the moment it is shown: exactly one caller gets it.

    Returns a UsersPassword; raises InvalidTransition when it was shown before or is for somebody
    else than ``actor``, and what ``reset_user_password`` raises.
    """
    person = hold_account(person, actor)
    if person.password_for_id != actor.user_id:
        raise InvalidTransition(person, "revealed")
    password, until = new_password(), now() + settings.TEMPORARY_PASSWORD_LIFETIME
    _record("customeruser.revealed", actor, person)
    _write(person, {"password_for": None})
    directory().set_temporary_password(person.user, password, until)
    return UsersPassword(person, password, until)


@transaction.atomic
def purge_user(person):
    """Remove what is known of a deleted user and set the account name free: exactly once.

    The row and the account's number stay, so that the activity log can still be read. Raises
    InvalidTransition when the user was restored or is gone already.
    """
    user = _locked(person).user
    gone = {"display_name": "", "name_key": "", "membership": None, "country": ""}
    transition(person, Status.PURGED, actor=None, password_for=None, **gone)
    directory().close(user)
    AccountInvitation.objects.filter(person=person).delete()
    for model in (EmailAddress, Authenticator, UserSession, Membership):
        model.objects.filter(user=user).delete()
    _write(user, _nobody(user))


def _nobody(user):
    """An account without a person."""
    empty = dict.fromkeys(("first_name", "last_name", "email"), "")
    dates = dict.fromkeys(("last_login", "temporary_password_until"))
    return {"username": f"deleted-{user.pk}", "is_active": False, **empty, **dates}


def hold(person, actor):
    """The user as of now, kept from changing; only if ``actor`` may touch somebody like it."""
    found = _locked(person)
    if found.status != Status.ACTIVE:
        raise InvalidTransition(found, Status.ACTIVE)
    check_may_touch(actor, roles=found.membership.roles)
    return found


def hold_account(person, actor):
    """The same as ``hold``, only if nothing but this organization comes with the password."""
    found = hold(person, actor)
    if why := why_no_reset_of(found):
        raise Refused(why)
    return found


def _locked(person):
    people = CustomerUser.objects.select_for_update(of=("self",)).with_account()
    return people.select_related("organization").get(pk=person.pk)


def _keep_a_global_admin(person):
    """Raise Refused unless somebody else is a global admin; two at once wait for each other."""
    try:
        keep_a_global_admin(person.membership)
    except LastGlobalAdmin as last:
        raise Refused(last.reason) from last


def _write(obj, values):
    """Save those of ``values`` that differ; returns their names."""
    changed = _differing(obj, values)
    for name in changed:
        setattr(obj, name, values[name])
    if changed:
        keys = ["name_key"] if "display_name" in changed else []
        obj.save(update_fields=[*changed, *keys])
    return changed


def _differing(obj, values):
    return [name for name, value in values.items() if getattr(obj, name) != value]


def _record(action, actor, person, **details):
    record(action, actor=actor, target=person, also=[actor.organization_id], **details)
