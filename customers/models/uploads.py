import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models.users import CustomerUser
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode


class UploadQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Files are the business of the company whose staff uploaded them."""
        return self.filter(acting_for=membership.organization_id)


class UserUpload(Lifecycle):
    """A file of users of one customer: read and judged first, created when somebody says so."""

    class Status(models.TextChoices):
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS = {
        Status.CHECKED: frozenset({Status.RUNNING, Status.CANCELLED}),
        Status.RUNNING: frozenset({Status.COMPLETED}),
    }

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.CHECKED)
    # One press of the button, one upload.
    submission = models.UUIDField(default=uuid.uuid4, editable=False)
    file_name = models.CharField(max_length=100)
    encoding = models.CharField(max_length=20)
    country = models.CharField(_("location"), max_length=2, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    passwords_shown_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("user upload"), _("user uploads")
        indexes = [
            models.Index(
                fields=["acting_for", "organization", "-created_at", "id"], name="userupload_list"
            ),
            models.Index(fields=["created_at"], name="userupload_by_date"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["acting_for", "submission"], name="userupload_once_per_press"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["running", "completed"]) | ~Q(country=""),
                name="userupload_started_has_a_location",
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def reference(self):
        return encode("F", self.pk)

    @property
    def tenants(self):
        return list(dict.fromkeys([self.acting_for_id, self.organization_id]))

    @property
    def affected_customer_id(self):
        return self.organization_id


class UserUploadRow(Lifecycle):
    """One line of the file: whom it describes, the verdict on it, and what became of it.

    It goes when the window to restore users is over: names are not kept longer than needed.
    """

    class Status(models.TextChoices):
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused")
        CREATED = "created", _("Created")
        FAILED = "failed", _("Failed")

    TRANSITIONS = {Status.READY: frozenset({Status.CREATED, Status.FAILED})}

    acting_for = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    upload = models.ForeignKey(UserUpload, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    # As it stood in the file, whatever that was; shortened to what the column holds.
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    display_name = models.CharField(max_length=60, blank=True)
    account = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    person = models.OneToOneField(
        CustomerUser, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["upload", "line"]
        verbose_name, verbose_name_plural = _("user upload row"), _("user upload rows")
        constraints = [
            models.UniqueConstraint(fields=["upload", "line"], name="useruploadrow_once_per_line"),
            models.CheckConstraint(
                condition=~Q(status="created") | Q(person__isnull=False),
                name="useruploadrow_created_has_a_user",
            ),
        ]

    def __str__(self):
        return f"{self.upload}, {self.line}"

    @property
    def tenants(self):
        return [self.acting_for_id]

    @property
    def affected_customer_id(self):
        return self.upload.organization_id
