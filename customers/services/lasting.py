"""How long a request for a relationship stays open: reminded of, extended, or run out."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers import tasks, wording
from customers.models import RelationshipRequest
from customers.services.requests import life_of_links, promise_mail
from partners.services import LinkExpired
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.models import OutboxMessage
from portal.outbox.services import enqueue

Status = RelationshipRequest.Status
PERIOD = timedelta(days=1)
COUNTED = [f"customers.tasks.send_relationship_{mail}" for mail in ("request", "reminder")]


class TooManyMails(InvalidTransition):
    """The portal sends no more of these today."""

    @property
    def reason(self):
        return _("No more emails of this kind are sent within 24 hours. Try again tomorrow.")


@transaction.atomic
def remind_relationship(request, *, actor):
    """Promise a mail with the present link to the recipient.

    Returns False, and does nothing, while the last reminder is younger than three days or nobody
    is named to remind. Raises InvalidTransition when it is no longer open, TooManyMails.
    """
    locked = _locked_open(request)
    if locked.next_reminder_at or not locked.recipient:
        return False
    _count_mails(locked)
    locked.reminders, locked.reminded_at = locked.reminders + 1, now()
    locked.save(update_fields=["reminders", "reminded_at"])
    record("relationshiprequest.reminded", actor=actor, target=locked, number=locked.reminders)
    enqueue(
        tasks.send_relationship_reminder,
        organization=locked.asked_by,
        key=f"relationshiprequest:{locked.pk}:reminded:{locked.reminders}",
        subject=_("Reminder of the relationship request to %(recipient)s")
        % {"recipient": locked.recipient},
        request_id=locked.pk,
        sender_id=actor.user_id,
    )
    return True


@transaction.atomic
def extend_relationship(request, *, actor, seen=None, by_mail=True):
    """Give the customer the provider's usual time from now on, under a new link.

    The link is mailed when the recipient is known and ``by_mail`` says so. ``seen`` is the
    ``sent_at`` of the page it was asked on: returns None, and does nothing, when the link has been
    renewed since. Raises like ``remind_relationship``.
    """
    locked = _locked_open(request)
    if seen is not None and seen != locked.sent_at:
        return None
    by_mail = by_mail and bool(locked.recipient)
    if by_mail:
        _count_mails(locked)
    before = wording.last_day(locked)
    locked.renew_link()
    locked.sent_at, locked.expires_at = now(), now() + life_of_links(locked.provider)
    locked.body = locked.body.replace(before, wording.last_day(locked))
    locked.save(update_fields=[*RelationshipRequest.LINK_FIELDS, "sent_at", "expires_at", "body"])
    until = locked.expires_at.isoformat()
    record("relationshiprequest.extended", actor=actor, target=locked, until=until, mailed=by_mail)
    if by_mail:
        promise_mail(locked, actor)
    return locked


@transaction.atomic
def expire_relationship(request):
    """Nobody answered in time: the system notes it. Raises InvalidTransition when it is not so."""
    if not _locked(request).has_expired:  # extended a moment ago
        raise InvalidTransition(request, Status.EXPIRED)
    return transition(request, Status.EXPIRED, actor=None)


def _count_mails(request):
    """Raise TooManyMails when the company, or the address, has had its share of today."""
    lately = OutboxMessage.objects.filter(task__in=COUNTED, created_at__gt=now() - PERIOD)
    ours = lately.filter(organization=request.asked_by_id)
    same = RelationshipRequest.objects.filter(asked_by=request.asked_by_id)
    ids = list(same.filter(recipient__iexact=request.recipient).values_list("pk", flat=True))
    to_them = ours.filter(kwargs__request_id__in=ids).count()
    per_address = to_them >= settings.REQUESTS_PER_RECIPIENT_AND_DAY
    if per_address or ours.count() >= settings.REQUESTS_PER_DAY:
        raise TooManyMails(request, request.status)


def _locked_open(request):
    locked = _locked(request)
    if locked.status != Status.SENT:
        raise InvalidTransition(locked, Status.SENT)
    if locked.has_expired:
        raise LinkExpired(locked, Status.SENT)
    return locked


def _locked(request):
    joined = RelationshipRequest.objects.select_related("provider", "asked_by", "created_by")
    return joined.select_for_update(of=("self",)).get(pk=request.pk)
