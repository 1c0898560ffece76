"""The link that waits for a user to choose their first password, and its end."""

from django.db import transaction

from customers.models import AccountInvitation
from portal.staff.services import links


def waiting_for(person):
    """The invitation of this CustomerUser, locked, if there is one to send again or withdraw."""
    waiting = AccountInvitation.objects.unanswered().filter(person=person).first()
    return links.lock(waiting) if waiting else None


@transaction.atomic
def end_invitation(person, *, actor):
    """Withdraw what waits for ``person``, whose row the caller holds; returns whether it did."""
    waiting = waiting_for(person)
    if waiting:
        links.withdraw_invitation(waiting, actor=actor, also=[actor.organization_id])
    return waiting is not None
