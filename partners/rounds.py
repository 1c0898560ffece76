"""The regular round through all providers' requests: what has run out, who is to be reminded."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils.timezone import now

from partners import services, wording
from partners.models import PartnershipRequest
from partners.services import reminders
from portal.rounds import go_through

IN_TURN = ("expires_at", "pk")
UNUSED = timedelta(days=7)  # until a draft to nobody, in the standard text, goes away


@shared_task
def look_after_requests():
    """Expire, tidy up, remind: in this order, so that nobody is reminded of what has ended."""
    steps = (
        (PartnershipRequest.objects.run_out(), services.expire_request),
        (_left_lying(), _withdraw_unused),
        (reminders.due_by_themselves(), reminders.remind_as_due),
    )
    go_through([(due.order_by(*IN_TURN), act) for due, act in steps], owner="provider")


def _left_lying():
    """Drafts that can't be sent any more, and those that perhaps nobody ever used."""
    drafts = PartnershipRequest.objects.filter(status=PartnershipRequest.Status.DRAFT)
    unused = Q(recipient="", opened_at=None, created_at__lte=now() - UNUSED)
    return drafts.filter(unused | Q(expires_at__lte=now()))


def _withdraw_unused(draft):
    """Looked at anew while nobody else can touch it: it may be in use at this very moment."""
    locked = _left_lying().select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if locked and (locked.has_expired or wording.is_untouched(locked)):
        services.withdraw_request(locked, actor=None)
