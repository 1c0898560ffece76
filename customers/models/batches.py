import uuid

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.tags import ProvidersQuerySet
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode


class MoveBatch(Lifecycle):
    """Many customers that go to another reseller, or to none, because somebody said so once."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")

    TRANSITIONS = {Status.RUNNING: frozenset({Status.COMPLETED})}

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    # Empty: no indirect reseller at all.
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    # One press of the button, one batch.
    submission = models.UUIDField(default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProvidersQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "move batches"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "submission"], name="movebatch_once_per_press"
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        return encode("M", self.pk)

    @property
    def reseller_reference(self):
        return encode("R", self.reseller_id)

    @property
    def tenants(self):
        return [self.provider_id]


class MoveBatchRow(models.Model):
    """One customer of a batch: from whom it goes, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MOVED = "moved", _("Moved")
        SKIPPED = "skipped", _("Skipped")

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    batch = models.ForeignKey(MoveBatch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    former = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=20, blank=True)  # a key of customers.verdicts.WORDS

    objects = ProvidersQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "line"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="movebatchrow_once_per_line"),
            models.UniqueConstraint(fields=["batch", "customer"], name="movebatchrow_once"),
        ]

    def __str__(self):
        return f"{self.batch}, {self.line}"

    @property
    def tenants(self):
        return [self.provider_id]
