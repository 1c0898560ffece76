"""Reminding whoever was asked and has not answered, by hand or by the provider's wish."""

from datetime import timedelta

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Greatest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import limits, tasks
from partners.elsewhere import partnership_with_recipient
from partners.models import PartnershipRequest
from partners.services.requests import locked_open
from portal.audit.models import AuditEntry
from portal.audit.services import record
from portal.outbox.services import enqueue

PAUSE = PartnershipRequest.REMINDER_PAUSE
BEFORE_THE_END = timedelta(days=3)
MOST_BY_ITSELF = 2
ACTION = "partnershiprequest.reminded"


@transaction.atomic
def remind_recipient(request, *, actor):
    """Promise a mail with the present link to the recipient; ``actor`` is None for the system.

    Returns False, and does nothing, while the last reminder is younger than three days or nobody
    is named to remind. Raises InvalidTransition when the request is no longer open, LimitReached.
    """
    locked = locked_open(request)
    if locked.next_reminder_at or not locked.recipient:
        return False
    limits.hold(locked.provider, locked.recipient)
    locked.reminders, locked.reminded_at = locked.reminders + 1, now()
    locked.save(update_fields=["reminders", "reminded_at"])
    record(ACTION, actor=actor, target=locked, number=locked.reminders)
    _promise_mail(locked, actor.user_id if actor else locked.created_by_id)
    return True


@transaction.atomic
def remind_as_due(request):
    """The regular round's reminder, at most two for a request. Returns whether it went out.

    Whoever became a partner by another link is not reminded any more. Raises like
    ``remind_recipient``.
    """
    locked = locked_open(request)
    still_due = due_by_themselves().filter(pk=locked.pk).exists()
    before = AuditEntry.objects.about(locked).filter(action=ACTION, actor=None)
    enough = before.filter(organization=locked.provider_id).count() >= MOST_BY_ITSELF
    if not still_due or enough or partnership_with_recipient(locked):
        return False
    return remind_recipient(locked, actor=None)


def due_by_themselves():
    """Open requests whose providers want reminders and for which the moment has come.

    There are two moments, half-way and three days before the end. One that comes within three days
    of the last mail is passed over; of several that were missed, one reminder makes up.
    """
    half = ExpressionWrapper((F("expires_at") - F("sent_at")) / 2, output_field=DurationField())
    open_ones = PartnershipRequest.objects.open().exclude(recipient="")
    wanted = open_ones.filter(provider__partner__remind_automatically=True).annotate(
        half_way=F("sent_at") + half,
        near_the_end=F("expires_at") - BEFORE_THE_END,
        quiet_until=Greatest("sent_at", "reminded_at") + PAUSE,
    )
    moments = ("half_way", "near_the_end")
    return wanted.filter(_has_come(moments[0]) | _has_come(moments[1]))


def _has_come(moment):
    return Q(**{f"{moment}__lte": now(), f"{moment}__gte": F("quiet_until")})


def _promise_mail(locked, sender_id):
    with override(locked.created_by.language):
        subject = _("Reminder of the partnership request to %(recipient)s")
    enqueue(
        tasks.send_reminder,
        organization=locked.provider,
        key=f"{locked.deliveries_key('reminded')}{locked.reminders}",
        subject=subject % {"recipient": locked.recipient},
        request_id=locked.pk,
        sender_id=sender_id,
    )
