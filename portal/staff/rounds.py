"""The regular round through all organizations' invitations of staff: what has run out."""

from celery import shared_task

from portal.rounds import go_through
from portal.staff.models import UserInvitation
from portal.staff.services.links import expire_invitation


@shared_task
def look_after_invitations():
    """Note what nobody accepted in time; the links have stopped working by themselves."""
    due = UserInvitation.objects.run_out().order_by("expires_at", "pk")
    go_through([(due, expire_invitation)], owner="organization")
