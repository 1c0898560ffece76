"""Celery's side of the mails: load, build, hand to the outbox."""

from celery import shared_task
from django.utils.translation import gettext as _

from partners import codes, emails
from partners.models import Enrolment, PartnershipRequest
from portal.accounts.models import Membership, User
from portal.outbox.worker import GiveUp
from portal.scope import OPERATOR, acting


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


@shared_task
def send_new_link_wanted(request_id):
    """Tells the requester that the recipient of an expired link would like a fresh one."""
    return emails.new_link_wanted(_answered(request_id))


@shared_task
def send_enrolment_code(enrolment_id):
    """The code that proves the address; to an address that has an account, the way to sign in."""
    enrolment = _enrolment(enrolment_id)
    if codes.is_unproven(enrolment.applicant) and codes.has_account(enrolment.email):
        return emails.enrolment_known(enrolment)
    if enrolment.email_confirmed_at:
        raise GiveUp(_("The address is confirmed already."))
    return emails.enrolment_code(enrolment, codes.make_code(enrolment))


@shared_task
def send_enrolment_decision(enrolment_id, decision):
    """Tells the applicant what the operator decided, unless that has changed since."""
    enrolment = _enrolment(enrolment_id)
    if enrolment.status != decision:
        raise GiveUp(_("The enrolment has moved on."))
    return emails.enrolment_decided(enrolment)


@shared_task
def forget_unproven():
    """Removes people who began to enrol and never proved their address."""
    with acting(OPERATOR):
        codes.forget_unproven()


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


def _enrolment(enrolment_id):
    joined = Enrolment.objects.select_related(
        "applicant", "company", "request__provider", "request__created_by"
    )
    return joined.get(pk=enrolment_id)


def _answered(request_id):
    request = _load(request_id)
    if not request.created_by.email:
        raise GiveUp(_("The person who asked has no email address."))
    return request
