"""Celery's side: load, then do or build what the outbox was promised."""

from celery import shared_task
from django.utils.translation import gettext as _

from customers import emails, grant_telling, provisioning
from customers.models import AdminRenewal, RelationshipRequest
from portal.accounts.models import User
from portal.outbox.worker import GiveUp


@shared_task
def provision_admin_account(account_id):
    provisioning.provision(account_id)


@shared_task
def move_customers(batch_id, first, last, sender_id):
    """Some lines of a batch: exactly once, because the effect is in the database alone."""
    from customers import services  # which itself names the tasks

    services.move_chunk(batch_id, first=first, last=last, sender_id=sender_id)


@shared_task
def create_users_of_upload(upload_id, first, last, sender_id):
    """The users of one portion of a file."""
    from customers import services  # which itself names the tasks

    services.create_users_of_upload(upload_id, first, last, sender_id=sender_id)


@shared_task
def send_relationship_request(request_id, sender_id):
    """The mail of a relationship request that staff sent from the portal."""
    return emails.relationship_request(_answerable(request_id), User.objects.get(pk=sender_id))


@shared_task
def send_relationship_reminder(request_id, sender_id):
    """The mail that reminds of a relationship request, in the name of the person ``sender_id``."""
    return emails.relationship_reminder(_answerable(request_id), User.objects.get(pk=sender_id))


@shared_task
def tell_of_renewals(renewal_ids):
    """Tells customers that a partner asks for more time; nothing about what is settled by now."""
    pending = AdminRenewal.objects.pending().filter(pk__in=renewal_ids)
    for renewal in pending.select_related("grant", "partner", "organization").order_by("pk"):
        grant_telling.renewal_asked(renewal)


def _answerable(request_id):
    request = _load(request_id)
    if not request.is_answerable:
        raise GiveUp(_("The request is no longer open."))
    if not request.token:
        raise GiveUp(_("The link can't be made any more. Draft a new request."))
    return request


def _load(request_id):
    return RelationshipRequest.objects.with_parties().get(pk=request_id)
