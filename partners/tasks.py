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


def _load(request_id):
    joined = PartnershipRequest.objects.select_related(
        "provider__partner", "created_by", "reseller", "answered_by"
    )
    return joined.get(pk=request_id)
