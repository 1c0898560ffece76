"""Inviting people into an organization, and what they answer."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.models import Membership
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.models import OutboxMessage
from portal.outbox.services import enqueue
from portal.staff import limits, tasks
from portal.staff.models import UserInvitation
from portal.staff.models.invitations import last_moment
from portal.staff.rules import check_may_give

Status = UserInvitation.Status


class NotInvited(InvalidTransition):
    """Why there is no invitation; ``reason`` says it to whoever wanted to invite."""

    reason = ""

    def __init__(self, reason, membership=None):
        Exception.__init__(self, reason)
        self.reason, self.membership = reason, membership


@transaction.atomic
def invite_user(*, actor, email, first_name, last_name, roles, language):
    """Ask somebody to join the organization of ``actor`` and promise the mail with the link.

    ``roles`` are Role, ``language`` is that of the letter. Whether the address has an account
    anywhere makes no difference and is told to nobody. Raises Forbidden when ``actor`` may not
    give the roles, NotInvited when the person works here, is invited already or has an address of
    another domain than the organization allows, LimitReached.
    """
    check_may_give(actor, roles)
    _refuse_domain(actor.organization, email)
    _refuse_colleague(actor.organization, email)
    limits.hold(actor.organization, email)
    with _once(email):
        invitation = UserInvitation.objects.create(
            organization=actor.organization,
            email=email.lower(),
            first_name=first_name,
            last_name=last_name,
            roles=[str(role) for role in roles],
            language=language,
            invited_by=actor.user,
        )
    _record("sent", invitation, actor, roles=invitation.roles)
    _promise_mail(invitation)
    return invitation


@transaction.atomic
def resend_invitation(invitation, *, actor):
    """Send it anew, in the name of ``actor``, under a new link; the old one stops working.

    What ran out opens again. Raises InvalidTransition when it has been answered or withdrawn,
    Forbidden, NotInvited, LimitReached.
    """
    locked = _locked(invitation)
    check_may_give(actor, locked.roles)
    _refuse_domain(locked.organization, locked.email)
    limits.hold(locked.organization, locked.email)
    locked.renew_link()
    fresh = {"sent_at": now(), "expires_at": last_moment(), "copied_at": None}
    fresh |= {name: getattr(locked, name) for name in UserInvitation.LINK_FIELDS}
    fresh["invited_by"] = actor.user
    renewed = _reopen(locked, actor, fresh)
    _promise_mail(renewed)
    return renewed


@transaction.atomic
def show_invitation_link(invitation, *, actor):
    """Put on record that somebody had the link shown. Raises InvalidTransition when it is dead.

    From then on the link proves nothing about the mailbox: see ``UserInvitation.copied_at``.
    """
    locked = _locked(invitation)
    check_may_give(actor, locked.roles)
    if not (locked.is_answerable and locked.token):
        raise InvalidTransition(locked, locked.status)
    locked.copied_at = now()
    locked.save(update_fields=["copied_at"])
    _record("copied", locked, actor)
    return locked


def withdraw_invitation(invitation, *, actor):
    """Take it back; its link stops working at once."""
    return transition(invitation, Status.WITHDRAWN, actor=actor)


@transaction.atomic
def expire_invitation(invitation):
    """Nobody answered in time: the system notes it. Raises InvalidTransition when it is not so."""
    if not _locked(invitation).has_expired:  # sent again a moment ago
        raise InvalidTransition(invitation, Status.EXPIRED)
    return transition(invitation, Status.EXPIRED, actor=None)


@transaction.atomic
def ask_for_new_invitation(invitation):
    """Tell whoever invited that the bearer of a dead link would like another; grants nothing.

    Returns False when they have been told today already. Raises InvalidTransition when the link
    has not run out.
    """
    locked = _locked(invitation)
    if locked.state != Status.EXPIRED:
        raise InvalidTransition(locked, Status.EXPIRED)
    key = f"userinvitation:{locked.pk}:wanted:{now():%Y%m%d}"
    if OutboxMessage.objects.for_key(key).exists():
        return False
    with override(locked.invited_by.language):
        subject = _("New invitation wanted by %(email)s") % {"email": locked.email}
    enqueue(
        tasks.send_invitation_wanted,
        organization=locked.organization,
        key=key,
        subject=subject,
        invitation_id=locked.pk,
    )
    _record("wanted", locked, None)
    return True


def colleague(organization, email):
    """The Membership of whoever has this address here, deactivated ones too, or None."""
    places = Membership.objects.filter(organization=organization).select_related("user")
    found = places.filter(user__email__iexact=email) | places.filter(user__username=email.lower())
    return found.first()


def _refuse_domain(organization, email):
    allowed = organization.email_domains
    if allowed and email.rpartition("@")[2].lower() not in allowed:
        words = _("Your organization invites only people with addresses at %(domains)s.")
        raise NotInvited(words % {"domains": ", ".join(allowed)})


def _refuse_colleague(organization, email):
    place = colleague(organization, email)
    if place is None:
        return
    words = _("%(person)s works here already. Change their roles instead.")
    if place.deactivated_at:
        words = _("%(person)s worked here and is deactivated. Activate them again instead.")
    raise NotInvited(words % {"person": place.user}, place)


def _reopen(locked, actor, fresh):
    if locked.status != Status.SENT:
        with _once(locked.email):
            return transition(locked, Status.SENT, actor=actor, **fresh)
    for name, value in fresh.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(fresh))
    _record("resent", locked, actor)
    return locked


@contextmanager
def _once(email):
    """One open invitation for an address: a second one, perhaps at the same moment, is refused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        words = _("%(email)s is invited already. Send that invitation again instead.")
        raise NotInvited(words % {"email": email}) from error


def _locked(invitation):
    joined = UserInvitation.objects.select_related("organization", "invited_by")
    return joined.select_for_update(of=("self",)).get(pk=invitation.pk)


def _promise_mail(invitation):
    enqueue(
        tasks.send_invitation,
        organization=invitation.organization,
        key=invitation.delivery_key,
        subject=_("Invitation to %(email)s") % {"email": invitation.email},
        request_id=invitation.pk,
        sent_at=invitation.sent_at.isoformat(),
    )


def _record(what, invitation, actor, **details):
    record(f"userinvitation.{what}", actor=actor, target=invitation, **details)
