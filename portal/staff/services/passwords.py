"""Temporary passwords of staff: made for a new account or by a reset, shown once."""

from datetime import datetime
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables

from portal.accounts.models import Membership
from portal.accounts.services import create_member, hold_members
from portal.accounts.temporary import close_account, new_password, set_temporary_password
from portal.audit.services import record
from portal.lifecycle import InvalidTransition
from portal.outbox.services import enqueue
from portal.staff import tasks
from portal.staff.models import Handout
from portal.staff.rules import check_may_give, check_may_touch, may_touch_everywhere


class AccountNameTaken(Exception):
    """Somebody else here has the account name."""


class NotReset(InvalidTransition):
    """Why the password stays as it is; ``reason`` is a sentence."""

    reason = ""

    def __init__(self, reason):
        Exception.__init__(self, reason)
        self.reason = reason


class MembersPassword(NamedTuple):
    """What is shown once: kept by nobody but the browser it is sent to."""

    membership: Membership
    password: str
    until: datetime


@transaction.atomic
def add_member(*, actor, account, first_name, last_name, roles, language):
    """A new person with an account here that opens once a password was shown to ``actor``.

    ``account`` is the whole account name. Returns the Membership; raises Forbidden when ``actor``
    may not give the roles, AccountNameTaken.
    """
    check_may_give(actor, roles)
    names = {"first_name": first_name, "last_name": last_name, "language": language}
    try:
        with transaction.atomic():
            membership = create_member(
                organization=actor.organization,
                username=account,
                roles=roles,
                must_change_password=True,
                **names,
            )
    except IntegrityError as error:
        raise AccountNameTaken(account) from error
    _hand_out(membership, actor)
    record("membership.added", actor=actor, target=membership, roles=membership.roles)
    return membership


def why_no_reset(membership, actor):
    """Why ``actor``, whose role would do, can't reset this password; a sentence, "" if they can."""
    if membership.user_id == actor.user_id:
        return _("Change your own password under “Profile and security”.")
    if membership.deactivated_at or not membership.user.is_active:
        return _("This user is deactivated. Activate them first.")
    if not may_touch_everywhere(actor, membership.user):
        return _(
            "This person also works where you may not look after them. They get a new password "
            "with “Forgot your password?” on the sign-in page."
        )
    return ""


@transaction.atomic
def reset_password(membership, *, actor, without_factor=False):
    """Close the account and let ``actor`` see a new temporary password, once.

    The old password and all sessions end now, with ``without_factor`` the second factor, too; the
    person is told by mail. Raises Forbidden when ``actor`` may do less than this person, NotReset
    when ``why_no_reset`` has a reason.
    """
    held = _held(membership, actor)
    _hand_out(held, actor)
    record("membership.reset", actor=actor, target=held)
    if without_factor:
        record("membership.unlocked", actor=actor, target=held)
        Authenticator.objects.filter(user=held.user).delete()
    _tell(held, actor, without_factor)
    # The account comes last: the person's own requests wait for it.
    held.user.must_change_password = True
    held.user.save(update_fields=["must_change_password"])
    close_account(held.user)
    return held


@sensitive_variables("password")
@transaction.atomic
def reveal_password(membership, *, actor):
    """Make the temporary password at the moment it is shown: exactly one caller gets it.

    Returns a MembersPassword. Raises InvalidTransition when it was shown before or is for somebody
    else than ``actor``; Forbidden and NotReset as ``reset_password``.
    """
    held = _held(membership, actor)
    waiting = Handout.objects.filter(membership=held, shown_to=actor.user_id)
    if not waiting.delete()[0]:
        raise NotReset(_("The password can't be shown again."))
    password, until = new_password(), now() + settings.TEMPORARY_PASSWORD_LIFETIME
    record("membership.revealed", actor=actor, target=held)
    set_temporary_password(held.user, password, until)
    return MembersPassword(held, password, until)


def _held(membership, actor):
    """The place as it is now, kept from changing, if ``actor`` may reset the password behind it."""
    hold_members(membership.organization_id)
    places = Membership.objects.select_related("user", "organization")
    held = places.get(pk=membership.pk)
    check_may_touch(actor, held)
    if why := why_no_reset(held, actor):
        raise NotReset(why)
    return held


def _hand_out(membership, actor):
    Handout.objects.update_or_create(
        membership=membership,
        defaults={"organization": membership.organization, "shown_to": actor.user},
    )


def _tell(membership, actor, without_factor):
    user = membership.user
    if not user.email:
        return
    with override(user.language):
        subject = _("Password reset: notice to %(person)s") % {"person": user}
    enqueue(
        tasks.send_password_reset,
        organization=membership.organization,
        key=f"membership:{membership.pk}:reset:{now().isoformat()}",
        subject=subject,
        membership_id=membership.pk,
        actor_id=actor.user_id,
        without_factor=without_factor,
    )
