"""Celery's side of the mails: load, build, hand to the outbox."""

from celery import shared_task
from django.utils.translation import gettext as _

from portal.accounts.models import Membership, User
from portal.outbox.worker import GiveUp
from portal.staff import emails
from portal.staff.models import UserInvitation


@shared_task
def send_invitation(request_id, sent_at):
    """The invitation with its present link; ``sent_at`` (ISO) tells a mail that waited too long."""
    invitation = _load(request_id)
    refuse_dead(invitation, sent_at)
    return emails.invitation(invitation)


@shared_task
def send_invitation_wanted(invitation_id):
    """Tells whoever invited that the link ran out and another is asked for."""
    invitation = _load(invitation_id)
    refuse_unreachable(invitation.invited_by)
    return emails.invitation_wanted(invitation)


@shared_task
def send_password_reset(membership_id, actor_id, without_factor):
    """Tells a person that a colleague has reset their password; never the password."""
    places = Membership.objects.select_related("user", "organization")
    membership = places.get(pk=membership_id)
    if not membership.user.email:
        raise GiveUp(_("The person has no email address."))
    actor = User.objects.get(pk=actor_id)
    return emails.password_reset(membership, actor, without_factor=without_factor)


def refuse_dead(invitation, sent_at):
    """Raise GiveUp unless the link of the Invitation is still the one sent at ``sent_at`` (ISO)."""
    if not invitation.is_answerable:
        raise GiveUp(_("The invitation is no longer open."))
    if invitation.sent_at.isoformat() != sent_at or not invitation.token:
        raise GiveUp(_("The link was renewed before this email could be sent."))


def refuse_unreachable(user):
    """Raise GiveUp when nobody can write to whoever asked."""
    if not user.email:
        raise GiveUp(_("The person who asked has no email address."))


def _load(pk):
    return UserInvitation.objects.select_related("organization", "invited_by").get(pk=pk)
