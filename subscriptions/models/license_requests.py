import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models import TenantRow
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode
from subscriptions.models.asked import Asked, AskedQuerySet, AskedStatus
from subscriptions.models.subscription import Subscription

LIFE = timedelta(days=30)
RECENT = timedelta(days=14)


def default_expiry():
    return now() + LIFE


class LicenseRequestQuerySet(AskedQuerySet):
    def answered_of_late(self):
        """Those that a partner approved or declined in the last days."""
        answers = [LicenseRequest.Status.APPROVED, LicenseRequest.Status.DECLINED]
        return self.filter(status__in=answers, decided_at__gt=now() - RECENT)

    def promised(self):
        """Those that were approved for a renewal which is still to come."""
        approved = LicenseRequest.Status.APPROVED
        return self.filter(status=approved, due_on__isnull=False, applied_at=None)

    def with_parties(self):
        """Joined with the subscription, its companies, and the people who asked and decided."""
        companies = ("provider", "reseller", "organization", "decided_for")
        return self.select_related(
            *companies,
            "subscription__customer",
            "subscription__offer",
            "subscription__provider",
            "subscription__support_contact",
            "asked_by",
            "decided_by",
        )

    def for_list(self):
        """With all that a row shows, and nothing else."""
        joined = ("subscription__customer", "provider", "asked_by", "decided_for")
        return self.select_related(*joined).only(
            "status",
            "before",
            "quantity",
            "due_on",
            "asked_at",
            "decided_at",
            "expires_at",
            "subscription__name",
            "subscription__customer__company_name",
            "provider__name",
            "asked_by__first_name",
            "asked_by__last_name",
            "asked_by__username",
            "decided_for__name",
        )


class LicenseRequest(TenantRow, Asked, Lifecycle):
    """A customer asks its partners for another number of licenses (``domain.md`` 6, wish 21).

    Fewer than can be given back today come with the renewal: ``due_on`` is its day. Empty, the
    change is made with the approval itself.
    """

    Status = AskedStatus
    TRANSITIONS = {
        AskedStatus.OPEN: frozenset(set(AskedStatus) - {AskedStatus.OPEN}),
        # What was approved for a renewal gives way to what is approved after it.
        AskedStatus.APPROVED: frozenset({AskedStatus.EXPIRED}),
    }

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="license_requests")
    status = models.CharField(max_length=10, choices=AskedStatus, default=AskedStatus.OPEN)
    before = models.PositiveIntegerField()  # licenses when it was asked
    quantity = models.PositiveIntegerField(_("licenses"))
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # One form, one request: a second press of the button finds the first one's.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(default=default_expiry)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_for = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=500, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = LicenseRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name, verbose_name_plural = _("license request"), _("license requests")
        indexes = [
            models.Index(fields=["provider", "asked_at", "id"], name="licenses_of_provider"),
            models.Index(fields=["reseller", "asked_at", "id"], name="licenses_of_reseller"),
            models.Index(fields=["organization", "asked_at", "id"], name="licenses_of_customer"),
            # For the regular round, which looks after the requests of everybody.
            models.Index(
                fields=["expires_at"], name="licenses_running_out", condition=Q(status="open")
            ),
            models.Index(
                fields=["due_on"],
                name="licenses_promised",
                condition=Q(status="approved", due_on__isnull=False, applied_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"],
                name="licenses_one_open_request",
                condition=Q(status="open"),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & ~Q(quantity=F("before")),
                name="licenses_another_number",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(quantity__lt=F("before")),
                name="licenses_only_fewer_wait",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "declined"])
                | Q(decided_by__isnull=False, decided_for__isnull=False, decided_at__isnull=False),
                name="licenses_answer_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(status="approved"),
                name="licenses_applied_if_approved",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        return encode("L", self.pk)

    @property
    def is_promised(self):
        """Whether it was approved and the renewal is still to come."""
        return self.status == self.Status.APPROVED and self.due_on and not self.applied_at
