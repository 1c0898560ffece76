"""Many requests at once: a file is judged, then sent row by row, each row for itself."""

import logging
from uuid import uuid5

from django.db import InterfaceError, OperationalError, transaction
from django.utils.timezone import now
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from partners import tasks
from partners.models import RequestBatch, RequestBatchRow
from partners.services import telling
from partners.services.requests import draft_request, send_request
from partners.verdicts import Judge, language_code, may_ask
from portal.accounts.models import Membership
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue
from portal.sending import NotSent

logger = logging.getLogger(__name__)
Status, RowStatus = RequestBatch.Status, RequestBatchRow.Status
FITS = {
    name: RequestBatchRow._meta.get_field(name).max_length
    for name in ("recipient", "language", "note", "reason")
}


@transaction.atomic
def check_batch(lines, *, actor, submission, file_name):
    """Judge ``lines`` (of ``batch_files``) and keep the verdicts; nothing is sent.

    ``submission`` (a UUID) names the press of the button with this very file: a second press finds
    the first one's batch.
    """
    fields = {"file_name": file_name, "created_by": actor.user}
    batch, created = RequestBatch.objects.get_or_create(
        provider=actor.organization, submission=submission, defaults=fields
    )
    if created:
        judge = Judge(actor, [line.recipient for line in lines])
        rows = [_judged(batch, line, judge) for line in lines]
        RequestBatchRow.objects.bulk_create(rows)
        record("requestbatch.checked", actor=actor, target=batch, rows=len(rows))
    return batch


@transaction.atomic
def start_batch(batch, *, actor):
    """Promise each ready row's request. Started before, it stays as it is.

    Raises InvalidTransition when it was discarded.
    """
    try:
        started = transition(batch, Status.RUNNING, actor=actor, started_at=now())
    except InvalidTransition as late:
        if late.obj.status in (Status.RUNNING, Status.COMPLETED):
            return late.obj
        raise
    for row in started.rows.filter(status=RowStatus.READY):
        enqueue(
            tasks.send_batch_row,
            organization=started.provider,
            key=f"requestbatch:{started.pk}:{row.line}",
            subject=_("Partnership request to %(recipient)s") % {"recipient": row.recipient},
            row_id=row.pk,
            sender_id=actor.user_id,
        )
    _complete_if_done(started)
    return started


def discard_batch(batch, *, actor):
    """Send nothing of it, ever. Raises InvalidTransition when it was started."""
    return transition(batch, Status.CANCELLED, actor=actor, ended_at=now())


@transaction.atomic
def send_batch_row(row_id, *, sender_id):
    """Make and send the request of one row, if its verdict still holds at this moment.

    Done before, it is left alone. A row that fails keeps the reason; the others don't notice.
    """
    rows = RequestBatchRow.objects.select_related("batch").select_for_update(of=("self",))
    row = rows.get(pk=row_id)
    if row.status != RowStatus.READY:
        return
    places = Membership.objects.active().select_related("user", "organization")
    sender = places.filter(user=sender_id, organization=row.provider_id).first()
    reason = _reason_not_to(row, sender) or _send(row, sender)
    if reason:
        transition(row, RowStatus.FAILED, actor=sender, reason=reason[: FITS["reason"]])
    _complete_if_done(row.batch)


def _judged(batch, line, judge):
    language = line.language or get_language()
    reason = "cells" if line.has_more_cells else ""
    reason = reason or judge.reason(line.recipient, language, line.note)
    return RequestBatchRow(
        provider_id=batch.provider_id,
        batch=batch,
        line=line.number,
        status=RowStatus.REFUSED if reason else RowStatus.READY,
        recipient=line.recipient[: FITS["recipient"]],
        language=(language_code(language) or language)[: FITS["language"]],
        note=line.note[: FITS["note"]],
        reason=reason[: FITS["reason"]],
    )


def _reason_not_to(row, sender):
    if not may_ask(sender):
        return "not_allowed"
    return Judge(sender, [row.recipient]).reason(row.recipient, row.language, row.note)


def _send(row, sender):
    """Send it; returns the reason when something unforeseen stands in the way."""
    try:
        with transaction.atomic(), override(sender.user.language):
            draft = draft_request(
                actor=sender,
                submission=uuid5(row.batch.submission, str(row.line)),
                language=row.language,
                recipient=row.recipient,
                note=row.note,
            )
            request = send_request(draft, actor=sender)
            transition(row, RowStatus.SENT, actor=sender, request=request)
    except NotSent as refusal:
        return refusal.reason
    except (OperationalError, InterfaceError):
        raise  # the database is away: the outbox tries again
    except Exception:
        logger.exception("Row %s of batch %s failed", row.line, row.batch_id)
        return "error"
    return ""


def _complete_if_done(batch):
    """The last row completes the batch.

    Rows finish at the same time in several workers: each looks for others only when it holds the
    batch, so that the one behind sees what the one before has done.
    """
    locked = RequestBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    running = locked.status == Status.RUNNING
    if running and not locked.rows.filter(status=RowStatus.READY).exists():
        telling.batch_completed(transition(locked, Status.COMPLETED, actor=None, ended_at=now()))
