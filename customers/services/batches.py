"""Many customers to another reseller at once: judged, then moved exactly once.

``portal.batches`` says how: a few at once, many in the background in chunks.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from customers import tasks
from customers.models import Customer, MoveBatch, MoveBatchRow
from customers.services.moving import hand_over, take_back
from customers.verdicts import Verdict, validate_move
from portal import batches
from portal.accounts.roles import Permission

Outcome = MoveBatchRow.Outcome


@transaction.atomic
def start_move(customers, reseller, *, actor, submission):
    """Move those of ``customers`` that can be moved to ``reseller``, None for no reseller.

    The others are kept with the reason. ``submission`` (a UUID) names the press of the button: a
    second press finds the first one's batch. Returns the MoveBatch, completed or running.
    """
    batch, is_new = batches.begin(MoveBatch, actor=actor, submission=submission, reseller=reseller)
    if not is_new:
        return batch
    waiting = batches.keep(
        batch, _rows(batch, validate_move(customers, reseller, actor)), actor=actor
    )
    if len(waiting) > batches.AT_ONCE:
        subject = _("Assign the indirect reseller of many customers (%(reference)s)")
        batches.promise(tasks.move_customers, batch, waiting, actor=actor, subject=subject)
        return batch
    _move(batch, batch.rows.filter(outcome=Outcome.WAITING), actor)
    return batches.completed(batch, actor=actor)


@transaction.atomic
def move_chunk(batch_id, *, first, last, sender_id):
    """Move the rows of these lines that still wait, if the verdict on them still holds."""
    batch = MoveBatch.objects.select_related("reseller", "provider").get(pk=batch_id)
    rows = batch.rows.filter(line__range=(first, last), outcome=Outcome.WAITING)
    sender = batches.sender_of(batch, sender_id)
    if sender and sender.can(Permission.MOVE_CUSTOMERS):
        _move(batch, rows, sender)
    else:
        rows.update(outcome=Outcome.SKIPPED, reason="not_allowed")
    batches.completed(batch, actor=None)


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
    batches.settle(rows, verdicts, "customer", Outcome.MOVED)


def _still(verdict, former):
    """The verdict, unless the customer has another reseller than the page said."""
    customer, reason = verdict
    if not reason and customer.reseller_id != former[customer.pk]:
        return Verdict(customer, "changed")
    return verdict
