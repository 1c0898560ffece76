"""The same done to many rows because somebody said so once: judged, then done exactly once.

A few hundred are done in the same transaction; more than that in the background, in chunks that
each stand for themselves. A subclass adds what is done and to what; the app's services judge and
do it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, Organization
from portal.audit.services import record
from portal.lifecycle import Lifecycle, transition
from portal.outbox.services import enqueue

AT_ONCE = 200  # rows; doing them takes about a second
CHUNK = 500  # rows of one promise in the background
ROWS = 1000  # per statement


class Batch(Lifecycle):
    """One press of the button of a preview."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")

    TRANSITIONS = {Status.RUNNING: frozenset({Status.COMPLETED})}

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    # One press of the button, one batch.
    submission = models.UUIDField(default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "submission"], name="%(class)s_once_per_press"
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def tenants(self):
        return [self.provider_id]


class BatchRow(models.Model):
    """One row of a batch, in its line, and what became of it.

    A subclass has ``batch`` (related name ``rows``) and an ``outcome`` that begins as
    ``waiting``.
    """

    WAITING, SKIPPED = "waiting", "skipped"

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, blank=True)  # a key of the words of the verdicts

    class Meta:
        abstract = True
        ordering = ["batch", "line"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="%(class)s_once_per_line"),
        ]

    def __str__(self):
        return f"{self.batch}, {self.line}"

    @property
    def tenants(self):
        return [self.provider_id]


def begin(model, *, actor, submission, **fields):
    """(batch, whether it is new): a second press finds the first one's batch."""
    return model.objects.get_or_create(
        provider=actor.organization,
        submission=submission,
        defaults={"created_by": actor.user, **fields},
    )


def keep(batch, rows, *, actor):
    """Write the judged ``rows``; returns the lines that wait to be done."""
    type(rows[0]).objects.bulk_create(rows, batch_size=ROWS)
    record(f"{batch._meta.model_name}.started", actor=actor, target=batch, rows=len(rows))
    return [row.line for row in rows if row.outcome == BatchRow.WAITING]


def promise(task, batch, lines, *, actor, subject):
    """Promise ``task(batch_id, first, last, sender_id)`` for each chunk of ``lines``."""
    for start in range(0, len(lines), CHUNK):
        first, last = lines[start], lines[min(start + CHUNK, len(lines)) - 1]
        enqueue(
            task,
            organization=batch.provider,
            key=f"{batch._meta.model_name}:{batch.pk}:{first}",
            subject=subject % {"reference": batch.reference},
            batch_id=batch.pk,
            first=first,
            last=last,
            sender_id=actor.user_id,
        )


def sender_of(batch, sender_id):
    """The Membership of who pressed the button as it is today; None when it has ended."""
    places = Membership.objects.active().select_related("user", "organization")
    return places.filter(user=sender_id, organization=batch.provider_id).first()


def settle(rows, verdicts, key, outcome):
    """Write what became of ``rows``; ``key`` names their column of what ``verdicts`` are about.

    Those without a reason get ``outcome``, the others are skipped.
    """
    for reason in {reason for _row, reason in verdicts}:
        found = {f"{key}__in": [row.pk for row, why in verdicts if why == reason]}
        became = BatchRow.SKIPPED if reason else outcome
        rows.filter(**found).update(outcome=became, reason=reason)


def completed(batch, *, actor):
    """The batch, completed by whoever does its last rows.

    Chunks end at the same time in several workers: each looks for others only when it holds the
    batch, so that the one behind sees what the one before has done.
    """
    locked = type(batch)._base_manager.select_for_update(of=("self",)).get(pk=batch.pk)
    is_done = not locked.rows.filter(outcome=BatchRow.WAITING).exists()
    if locked.status == Batch.Status.RUNNING and is_done:
        return transition(locked, Batch.Status.COMPLETED, actor=actor, ended_at=now())
    return locked


def numbers_of(rows, outcomes):
    """How many of ``rows`` have each of ``outcomes``; ``done`` of ``to_do`` for the progress."""
    counted = rows.order_by().values_list("outcome").annotate(number=Count("pk"))
    numbers = dict.fromkeys(outcomes, 0) | dict(counted)
    everything = sum(numbers.values())
    return numbers | {"done": everything - numbers[BatchRow.WAITING], "to_do": everything}
