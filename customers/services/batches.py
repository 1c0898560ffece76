"""Many customers to another reseller at once: judged, then moved exactly once.

A few hundred are moved in the same transaction; more than that in the background, in chunks that
each stand for themselves.
"""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers import tasks
from customers.models import Customer, MoveBatch, MoveBatchRow
from customers.services.moving import hand_over, take_back
from customers.verdicts import Verdict, validate_move
from portal.accounts.models import Membership
from portal.accounts.roles import Permission
from portal.audit.services import record
from portal.lifecycle import transition
from portal.outbox.services import enqueue

AT_ONCE = 200  # customers; moving them takes about a second
CHUNK = 500  # customers of one promise in the background
ROWS = 1000  # per statement
Outcome, Status = MoveBatchRow.Outcome, MoveBatch.Status


@transaction.atomic
def start_move(customers, reseller, *, actor, submission):
    """Move those of ``customers`` that can be moved to ``reseller``, None for no reseller.

    The others are kept with the reason. ``submission`` (a UUID) names the press of the button: a
    second press finds the first one's batch. Returns the MoveBatch, completed or running.
    """
    fields = {"reseller": reseller, "created_by": actor.user}
    batch, created = MoveBatch.objects.get_or_create(
        provider=actor.organization, submission=submission, defaults=fields
    )
    if not created:
        return batch
    rows = _rows(batch, validate_move(customers, reseller, actor))
    MoveBatchRow.objects.bulk_create(rows, batch_size=ROWS)
    record("movebatch.started", actor=actor, target=batch, rows=len(rows))
    waiting = [row.line for row in rows if row.outcome == Outcome.WAITING]
    if len(waiting) > AT_ONCE:
        _promise(batch, waiting, actor)
        return batch
    _move(batch, batch.rows.filter(outcome=Outcome.WAITING), actor)
    return _completed(batch, actor)


@transaction.atomic
def move_chunk(batch_id, *, first, last, sender_id):
    """Move the rows of these lines that still wait, if the verdict on them still holds."""
    batch = MoveBatch.objects.select_related("reseller", "provider").get(pk=batch_id)
    rows = batch.rows.filter(line__range=(first, last), outcome=Outcome.WAITING)
    places = Membership.objects.select_related("user", "organization")
    sender = places.filter(user=sender_id, organization=batch.provider_id).first()
    if sender and sender.can(Permission.MOVE_CUSTOMERS):
        _move(batch, rows, sender)
    else:
        rows.update(outcome=Outcome.SKIPPED, reason="not_allowed")
    _completed(batch, None)


def _rows(batch, verdicts):
    return [
        MoveBatchRow(
            provider_id=batch.provider_id,
            batch=batch,
            line=line,
            customer_id=customer.pk,
            former_id=customer.reseller_id,
            outcome=Outcome.SKIPPED if reason else Outcome.WAITING,
            reason=reason,
        )
        for line, (customer, reason) in enumerate(verdicts, start=1)
    ]


def _promise(batch, lines, actor):
    for start in range(0, len(lines), CHUNK):
        first, last = lines[start], lines[min(start + CHUNK, len(lines)) - 1]
        enqueue(
            tasks.move_customers,
            organization=batch.provider,
            key=f"movebatch:{batch.pk}:{first}",
            subject=_("Assign the indirect reseller of many customers (%(reference)s)")
            % {"reference": batch.reference},
            batch_id=batch.pk,
            first=first,
            last=last,
            sender_id=actor.user_id,
        )


def _move(batch, rows, actor):
    """Judge again what is locked now, and move what may be moved."""
    former = dict(rows.values_list("customer", "former"))
    locked = Customer.objects.filter(pk__in=former).order_by("pk").select_for_update(of=("self",))
    verdicts = [_still(verdict, former) for verdict in validate_move(locked, batch.reseller, actor)]
    moving = [customer for customer, reason in verdicts if not reason]
    told = {"actor": actor, "batch": batch.reference}
    if moving and batch.reseller:
        hand_over(moving, batch.reseller, **told)
    elif moving:
        take_back(moving, **told)
    for reason in {reason for _customer, reason in verdicts if reason}:
        left = [customer.pk for customer, why in verdicts if why == reason]
        rows.filter(customer__in=left).update(outcome=Outcome.SKIPPED, reason=reason)
    rows.filter(customer__in=[customer.pk for customer in moving]).update(outcome=Outcome.MOVED)


def _still(verdict, former):
    """The verdict, unless the customer has another reseller than the page said."""
    customer, reason = verdict
    if not reason and customer.reseller_id != former[customer.pk]:
        return Verdict(customer, "changed")
    return verdict


def _completed(batch, actor):
    """The batch, completed by whoever does its last rows.

    Chunks end at the same time in several workers: each looks for others only when it holds the
    batch, so that the one behind sees what the one before has done.
    """
    locked = MoveBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    is_done = not locked.rows.filter(outcome=Outcome.WAITING).exists()
    if locked.status == Status.RUNNING and is_done:
        return transition(locked, Status.COMPLETED, actor=actor, ended_at=now())
    return locked
