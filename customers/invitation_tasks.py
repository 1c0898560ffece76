"""Celery's side of the mails about a user's first password: load, build, hand to the outbox.

They run for whoever invited: without the customer's privileges there is nothing left to be seen.
"""

from celery import shared_task
from django.utils.translation import gettext as _

from customers import emails
from customers.models import AccountInvitation
from portal.outbox.worker import GiveUp
from portal.staff.tasks import refuse_dead, refuse_unreachable


@shared_task
def send_account_invitation(request_id, sent_at):
    """The invitation with its present link; ``sent_at`` (ISO) tells a mail that waited too long."""
    invitation = _load(request_id)
    refuse_dead(invitation, sent_at)
    return emails.account_invitation(invitation)


@shared_task
def send_account_invitation_wanted(invitation_id):
    """Tells whoever invited that the link ran out and another is asked for."""
    invitation = _load(invitation_id)
    refuse_unreachable(invitation.invited_by)
    return emails.account_invitation_wanted(invitation)


def _load(pk):
    joined = AccountInvitation.objects.select_related(
        "organization", "invited_by", "acting_for", "person__user"
    )
    if found := joined.filter(pk=pk).first():
        return found
    raise GiveUp(_("The customer does not give you administrator access, or has taken it back."))
