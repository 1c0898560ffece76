import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from partners.models.requests import PartnershipRequest
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode


class ProviderQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Bulk requests are the provider's own business."""
        return self.filter(provider=membership.organization_id)


class RequestBatch(Lifecycle):
    """A file of resellers to ask: read and judged first, sent when somebody says so."""

    class Status(models.TextChoices):
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS = {
        Status.CHECKED: frozenset({Status.RUNNING, Status.CANCELLED}),
        Status.RUNNING: frozenset({Status.COMPLETED}),
    }

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.CHECKED)
    # One press of the button, one batch.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(max_length=100)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("request batch"), _("request batches")
        indexes = [
            models.Index(fields=["provider", "-created_at", "id"], name="requestbatch_list"),
        ]

    def __str__(self):
        return self.file_name

    @property
    def reference(self):
        return encode("B", self.pk)

    @property
    def tenants(self):
        return [self.provider_id]


class RequestBatchRow(Lifecycle):
    """One line of the file: what it asks for, the verdict on it, and what became of it."""

    class Status(models.TextChoices):
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    TRANSITIONS = {Status.READY: frozenset({Status.SENT, Status.FAILED})}

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    batch = models.ForeignKey(RequestBatch, models.CASCADE, related_name="rows")
    line = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    # As it stood in the file, whatever that was; shortened to what the column holds.
    recipient = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    request = models.OneToOneField(
        PartnershipRequest, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "line"]
        verbose_name, verbose_name_plural = _("request batch row"), _("request batch rows")
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="requestbatchrow_once_per_line"),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(request__isnull=False),
                name="requestbatchrow_sent_has_a_request",
            ),
        ]

    def __str__(self):
        return f"{self.batch}, {self.line}"

    @property
    def tenants(self):
        return [self.provider_id]
