"""Many subscriptions get other partners at once: judged, then changed exactly once.

``portal.batches`` says how: a few at once, many in the background in chunks.
"""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from portal import batches
from portal.accounts.roles import Permission
from subscriptions import tasks
from subscriptions.change_verdicts import Verdict, validate_change
from subscriptions.models import ChangeBatch, ChangeBatchRow, Subscription
from subscriptions.services.changes import change_partners

Outcome = ChangeBatchRow.Outcome
NEEDED = {
    "reseller_of_record": Permission.SET_RESELLER_OF_RECORD,
    "support_contact": Permission.SET_SUPPORT_CONTACT,
}
FORMER = ("subscription", "former_location", "former_contact")


@transaction.atomic
def start_change(subscriptions, changes, *, actor, submission):
    """Make those of ``subscriptions`` that can name other partners name those in ``changes``.

    ``changes`` are as ``validate_change`` takes them; the others are kept with the reason.
    ``submission`` (a UUID) names the press of the button: a second press finds the first one's
    batch. Returns the ChangeBatch, completed or running.
    """
    batch, is_new = batches.begin(
        ChangeBatch, actor=actor, submission=submission, **_fields(changes)
    )
    if not is_new:
        return batch
    rows = _rows(batch, validate_change(subscriptions, changes, actor))
    waiting = batches.keep(batch, rows, actor=actor)
    if len(waiting) > batches.AT_ONCE:
        subject = _("Change the partners of many subscriptions (%(reference)s)")
        batches.promise(tasks.change_subscriptions, batch, waiting, actor=actor, subject=subject)
        return batch
    _change(batch, batch.rows.filter(outcome=Outcome.WAITING), actor)
    return batches.completed(batch, actor=actor)


@transaction.atomic
def change_chunk(batch_id, *, first, last, sender_id):
    """Change the rows of these lines that still wait, if the verdict on them still holds."""
    batch = ChangeBatch.objects.select_related("location", "contact", "provider").get(pk=batch_id)
    rows = batch.rows.filter(line__range=(first, last), outcome=Outcome.WAITING)
    sender = batches.sender_of(batch, sender_id)
    if sender and all(sender.can(NEEDED[name]) for name in batch.changes):
        _change(batch, rows, sender)
    else:
        rows.update(outcome=Outcome.SKIPPED, reason="not_allowed")
    batches.completed(batch, actor=None)


def _fields(changes):
    return {
        "sets_reseller": "reseller_of_record" in changes,
        "location": changes.get("reseller_of_record"),
        "sets_contact": "support_contact" in changes,
        "contact": changes.get("support_contact"),
    }


def _rows(batch, verdicts):
    return [
        ChangeBatchRow(
            provider_id=batch.provider_id,
            batch=batch,
            line=line,
            subscription_id=subscription.pk,
            former_location_id=subscription.reseller_of_record_id,
            former_contact_id=subscription.support_contact_id,
            outcome=Outcome.SKIPPED if reason else Outcome.WAITING,
            reason=reason,
        )
        for line, (subscription, reason) in enumerate(verdicts, start=1)
    ]


def _change(batch, rows, actor):
    """Judge again what is locked now, and change what may be changed."""
    former = {pk: named for pk, *named in rows.values_list(*FORMER)}
    found = Subscription.objects.filter(pk__in=former).order_by("pk")
    locked = list(found.select_for_update(of=("self",)))
    # Only now: whoever removes a customer has waited for these rows, or we for him.
    prefetch_related_objects(locked, "customer", "reseller_of_record", "support_contact")
    verdicts = validate_change(locked, batch.changes, actor)
    verdicts = [_still(verdict, former) for verdict in verdicts]
    changing = [subscription for subscription, reason in verdicts if not reason]
    change_partners(changing, batch.changes, actor=actor, batch=batch.reference)
    batches.settle(rows, verdicts, "subscription", Outcome.CHANGED)


def _still(verdict, former):
    """The verdict, unless the subscription names others than the page said."""
    subscription, reason = verdict
    now = [subscription.reseller_of_record_id, subscription.support_contact_id]
    return verdict if reason or now == former[subscription.pk] else Verdict(subscription, "changed")
