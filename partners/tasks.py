"""Celery's side of the mails: load, build, hand to the outbox."""

from celery import shared_task
from django.utils.translation import gettext as _

from partners import emails
from partners.models import PartnershipRequest
from portal.accounts.models import User
from portal.outbox.worker import GiveUp


@shared_task
def send_request(request_id, sender_id):
    """The mail of a partnership request that staff sent from the portal."""
    request = _load(request_id)
    if not request.is_answerable:
        raise GiveUp(_("The request is no longer open."))
    if not request.token:
        raise GiveUp(_("The link can't be made any more. Draft a new request."))
    return emails.partnership_request(request, User.objects.get(pk=sender_id))


@shared_task
def send_accepted(request_id):
    """Tells the requester that the reseller accepted."""
    return emails.request_accepted(_answered(request_id))


@shared_task
def send_declined(request_id):
    """Tells the requester that the reseller declined."""
    return emails.request_declined(_answered(request_id))


@shared_task
def send_batch_row(row_id, sender_id):
    """One row of a file of requests: exactly once, because the effect is in the database alone."""
    from partners import services  # which itself names the tasks

    services.send_batch_row(row_id, sender_id=sender_id)


def _answered(request_id):
    request = _load(request_id)
    if not request.created_by.email:
        raise GiveUp(_("The person who asked has no email address."))
    return request


def _load(request_id):
    joined = PartnershipRequest.objects.select_related(
        "provider__partner", "created_by", "reseller", "answered_by"
    )
    return joined.get(pk=request_id)
