import random
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.scope import SYSTEM

UNSEEN = ("organization", "operator", "task", "kwargs", "key", "lease", "lease_until")


class OutboxMessageQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """An organization sees what is done on its behalf."""
        return self.filter(organization=membership.organization_id)

    def for_list(self):
        """With all that a row shows, and nothing else."""
        return self.defer(*UNSEEN)

    def saying(self, text):
        """Those whose subject or recipient contains ``text``."""
        return self.filter(Q(subject__icontains=text) | Q(recipient__icontains=text))

    def due(self):
        """Waiting and ready, or left behind by a worker that died before handing over a mail."""
        waiting = Q(status=OutboxMessage.Status.QUEUED, available_at__lte=now())
        return self.filter(waiting | (self._abandoned() & Q(handed_at__isnull=True)))

    def abandoned_in_the_post(self):
        """Handed to the mail server by a worker that died before it heard the answer."""
        return self.filter(self._abandoned(), handed_at__isnull=False)

    def unfinished(self):
        return self.filter(status__in=["queued", "running", "uncertain", "failed"])

    def in_trouble(self, kind):
        """What operators look after: ``silent`` (the lease is over), ``late`` (long due)."""
        waits = Q(status=OutboxMessage.Status.QUEUED)
        kinds = {
            "mail": ~Q(recipient=""),
            "task": Q(recipient=""),
            "silent": self._abandoned(),
            "late": waits & Q(available_at__lt=now() - OutboxMessage.LATE),
        }
        return self.filter(kinds.get(kind, Q(pk=None)))

    def for_key(self, key):
        return self.filter(key=key)

    @staticmethod
    def _abandoned():
        return Q(status=OutboxMessage.Status.RUNNING, lease_until__lt=now())


SUBJECT_LENGTH, RECIPIENT_LENGTH = 200, 500
OUTCOMES = {
    "queued": _("It waits for its turn and is tried by itself."),
    "running": _("It is being done right now."),
    "done": _("It is done."),
    "uncertain": _("It may have arrived: nobody heard the mail server's answer."),
    "failed": _("It was given up. Nothing happens until somebody tries it again."),
}


class OutboxMessage(models.Model):
    """A task that must be done. The row is the truth; Celery runs it, Redis is only the bell."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNCERTAIN = "uncertain", _("Uncertain")
        FAILED = "failed", _("Failed")

    MAX_ATTEMPTS = 12
    LEASE = timedelta(seconds=75)  # longer than a task may run
    LATE = timedelta(minutes=5)  # nothing that is due waits so long while a worker works

    # Made here, not by the database: one side may promise something on behalf of the other, whose
    # rows it cannot read back.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Nobody's where people write to us who have no organization yet.
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    task = models.CharField(max_length=120)
    kwargs = models.JSONField(default=dict)
    # Who looked as the person in whose name it was promised, or promised it in Django admin.
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("operator"),
    )
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    # To whom the mail goes, once there is one; what it says is kept nowhere.
    recipient = models.CharField(max_length=RECIPIENT_LENGTH, blank=True)
    # What stands above it, in the recipient's language; ``subject`` is in the promiser's.
    sent_subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=now)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    handed_at = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("outbox message"), _("outbox messages")
        indexes = [
            models.Index(
                fields=["available_at"],
                name="outbox_due",
                condition=Q(status__in=["queued", "running"]),
            ),
            models.Index(fields=["organization", "-created_at"], name="outbox_by_organization"),
            # Operators look at everybody's.
            models.Index(fields=["-created_at", "-id"], name="outbox_by_time"),
            models.Index(fields=["status", "-created_at", "-id"], name="outbox_by_status"),
            models.Index(
                OpClass(Upper("recipient"), "text_pattern_ops"), name="outbox_by_recipient"
            ),
            # Few have one: asked for when a user is to be deleted.
            models.Index(
                fields=["operator"],
                name="outbox_by_operator",
                condition=Q(operator__isnull=False),
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def actor(self):
        return self.organization.actor if self.organization_id else SYSTEM

    @property
    def tenants(self):
        return [self.organization_id] if self.organization_id else []

    @property
    def message_id(self):
        """The same for every attempt, so that mail stores recognise a second copy."""
        return f"<{self.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"

    @property
    def error_words(self):
        """What went wrong: in the reader's language where we worded it, else as it came."""
        return gettext(self.last_error) if self.last_error else ""

    @property
    def outcome(self):
        """What has become of it, in a sentence."""
        if self.status == self.Status.DONE and self.handed_at:
            return gettext("The mail server has accepted it.")
        return OUTCOMES[self.status]

    @property
    def can_retry(self):
        return self.status in {self.Status.FAILED, self.Status.UNCERTAIN}

    @property
    def is_last_try(self):
        """Whether nobody tries again by itself when the one under way, or the last one, fails."""
        return self.attempts >= self.MAX_ATTEMPTS

    def claim(self):
        """Take it for this worker until the lease runs out."""
        self.status, self.attempts = self.Status.RUNNING, self.attempts + 1
        self.lease, self.lease_until = uuid.uuid4(), now() + self.LEASE
        self.save(update_fields=["status", "attempts", "lease", "lease_until"])

    def address(self, mail):
        """Note to whom ``mail``, an EmailMessage, goes, and for an organization its subject.

        Mails of the portal itself are written to people alone, perhaps with a code in the subject.
        """
        self.recipient = ", ".join(mail.recipients())[:RECIPIENT_LENGTH]
        if self.organization_id:
            self.sent_subject = " ".join(mail.subject.split())[:SUBJECT_LENGTH]
        self.save(update_fields=["recipient", "sent_subject"])

    def finish(self):
        self.status, self.done_at, self.last_error = self.Status.DONE, now(), ""
        self.save(update_fields=["status", "done_at", "last_error"])

    def fail(self, error, *, for_good=False):
        """Try again later with growing pauses (seconds, at most five minutes), or give up."""
        self.last_error, self.handed_at = str(error)[:500] or type(error).__name__, None
        if for_good or self.is_last_try:
            self.status = self.Status.FAILED
        else:
            self.status = self.Status.QUEUED
            pause = min(300, 2**self.attempts) * random.uniform(0.5, 1)
            self.available_at = now() + timedelta(seconds=pause)
        self.save(update_fields=["status", "last_error", "handed_at", "available_at"])

    def hand_over(self):
        """From here on the mail server may have it."""
        self.handed_at = now()
        self.save(update_fields=["handed_at"])

    def doubt(self, error):
        """Nobody knows whether the mail arrived: never send it again without being told to."""
        self.status, self.last_error = self.Status.UNCERTAIN, str(error)[:500]
        self.save(update_fields=["status", "last_error"])

    def requeue(self):
        self.status, self.attempts, self.handed_at = self.Status.QUEUED, 0, None
        self.available_at = now()
        self.save(update_fields=["status", "attempts", "handed_at", "available_at"])


class Heartbeat(models.Model):
    """One row: when a worker last did the regular round that beat asks for."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("heartbeat"), _("heartbeats")

    @classmethod
    def strike(cls):
        cls.objects.update_or_create(pk=1, defaults={"at": now()})

    @classmethod
    def age(cls):
        """Seconds since the last one, or None when there never was one."""
        beat = cls.objects.filter(pk=1).first()
        return (now() - beat.at).total_seconds() if beat else None
