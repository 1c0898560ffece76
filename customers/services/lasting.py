"""How long a request for a relationship stays open: reminded of, extended, or run out."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers import limits, tasks, wording
from customers.models import RelationshipRequest
from customers.services import telling
from customers.services.requests import life_of_links, promise_mail
from partners.services import LinkExpired
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue

Status = RelationshipRequest.Status


@transaction.atomic
def remind_relationship(request, *, actor):
    """Promise a mail with the present link to the recipient.

    Returns False, and does nothing, while the last reminder is younger than three days or nobody
    is named to remind. Raises InvalidTransition when it is no longer open, LimitReached.
    """
    locked = _locked_open(request)
    if locked.next_reminder_at or not locked.recipient:
        return False
    limits.hold(locked.asked_by, locked.recipient)
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
        limits.hold(locked.asked_by, locked.recipient)
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
    expired = transition(request, Status.EXPIRED, actor=None)
    telling.relationship_expired(expired)
    return expired


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
