"""Who is told what of partnerships and requests, by mail and on Home."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import tasks
from portal.outbox.services import enqueue


def request_accepted(request):
    """The reseller said yes: whoever asked wants to know."""
    _tell_requester(tasks.send_accepted, request, "accepted")


def request_declined(request):
    """The reseller said no, perhaps with a reason."""
    _tell_requester(tasks.send_declined, request, "declined")


def request_withdrawn(request, *, actor):
    """A colleague took the request back."""


def request_expired(request):
    """Nobody answered in time."""


def partnership_ended(partnership, *, actor):
    """One side ended the partnership."""


def partnership_resumed(partnership):
    """Whoever ended the partnership took that back."""


def _tell_requester(task, request, how):
    with override(request.created_by.language):
        subject = _("Answer to the partnership request to %(recipient)s") % {
            "recipient": request.recipient or request.reseller.name
        }
    enqueue(
        task,
        organization=request.provider,
        key=f"partnershiprequest:{request.pk}:{how}",
        subject=subject,
        request_id=request.pk,
    )
