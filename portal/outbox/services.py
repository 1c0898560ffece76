"""Promises of background work. ``enqueue`` is the only way to start any."""

from django.db import transaction
from django.utils.timezone import now

from portal.audit import origin
from portal.audit.services import record
from portal.outbox.models import SUBJECT_LENGTH, OutboxMessage
from portal.outbox.tasks import ring


def enqueue(task, *, organization, key, subject, **kwargs):
    """Promise that ``task`` will run with ``kwargs`` once this transaction commits.

    ``organization`` is the tenant it runs for and whose staff can see it, or None where there is
    no tenant yet: then only operators see it. ``key`` names the effect, so that promising it twice
    does it once; ``subject`` is what staff read, shortened to what its column holds. ``kwargs`` are
    ids, never secrets. A task that returns an EmailMessage has it sent by the outbox. Whatever the
    task records carries the operator's name that an entry of this moment would carry.
    """
    message = OutboxMessage(
        organization=organization,
        task=task.name,
        kwargs=kwargs,
        operator_id=origin.current().operator_id,
        key=key,
        subject=subject[:SUBJECT_LENGTH],
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    # robust: a bell that doesn't ring must not turn a committed request into a 500; the sweep
    # finds the row within seconds.
    transaction.on_commit(ring, robust=True)


@transaction.atomic
def retry(message, *, actor, **details):
    """Try a failed or uncertain delivery again, because ``actor`` asks for it.

    ``details`` go on record with it; the work stays that of whoever promised it. Returns False when
    there is nothing to try: somebody else already did.
    """
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if not locked.can_retry:
        return False
    before = locked.status
    locked.requeue()
    record("outboxmessage.retried", actor=actor, target=locked, before=before, **details)
    transaction.on_commit(ring, robust=True)
    return True


@transaction.atomic
def hasten(keys):
    """Have what was promised under ``keys`` and waits for its next try done now."""
    waiting = OutboxMessage.objects.filter(key__in=keys, status=OutboxMessage.Status.QUEUED)
    waiting.filter(available_at__gt=now()).update(available_at=now())
    transaction.on_commit(ring, robust=True)
