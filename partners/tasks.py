"""Celery's side of the mails: load, build, hand to the outbox."""

from celery import shared_task
from django.utils.translation import gettext as _

from partners import emails
from partners.models import PartnershipRequest
from portal.accounts.models import Membership, User
from portal.outbox.worker import GiveUp


@shared_task
def send_request(request_id, sender_id, sent_at=None):
    """The mail of a partnership request that staff sent from the portal, with its present link.

    ``sent_at`` (ISO) tells a mail that waited too long: by then a newer one has the newer link.
    """
    request = _load_answerable(request_id)
    if sent_at and request.sent_at.isoformat() != sent_at:
        raise GiveUp(_("The link was renewed before this email could be sent."))
    return emails.partnership_request(request, User.objects.get(pk=sender_id))


@shared_task
def send_reminder(request_id, sender_id):
    """The mail that reminds of a request, in the name of the person ``sender_id``."""
    request = _load_answerable(request_id)
    return emails.reminder(request, User.objects.get(pk=sender_id))


@shared_task
def send_letter_test(membership_id, language):
    """The provider's text of a request as it stands, filled in, to the one who asks for it."""
    members = Membership.objects.select_related("user", "organization__partner")
    return emails.letter_test(members.get(pk=membership_id), language)


@shared_task
def send_batch_row(row_id, sender_id):
    """One row of a file of requests: exactly once, because the effect is in the database alone."""
    from partners import services  # which itself names the tasks

    services.send_batch_row(row_id, sender_id=sender_id)


def _load_answerable(request_id):
    request = _load(request_id)
    if not request.is_answerable:
        raise GiveUp(_("The request is no longer open."))
    if not request.token:
        raise GiveUp(_("The link can't be made any more. Draft a new request."))
    return request


def _load(request_id):
    joined = PartnershipRequest.objects.select_related(
        "provider__partner", "created_by", "reseller", "answered_by"
    )
    return joined.get(pk=request_id)
