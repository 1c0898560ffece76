from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models import CustomerUser, TenantQuerySet, TenantRow
from subscriptions.models.subscription import Subscription


class LicenseAssignmentQuerySet(TenantQuerySet):
    def in_force(self):
        """Those of subscriptions that are not over."""
        return self.filter(
            subscription__status__in=[
                Subscription.Status.ACTIVE,
                Subscription.Status.SUSPENDED,
            ]
        )


class LicenseAssignment(TenantRow):
    """One license of a subscription, in the hands of one user.

    It belongs to the subscription's provider: other providers of the same organization manage the
    same users and don't see it.
    """

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(CustomerUser, models.PROTECT, related_name="licenses")
    assigned_at = models.DateTimeField(default=now)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = LicenseAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["assigned_at", "pk"]
        verbose_name, verbose_name_plural = _("license assignment"), _("license assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "person"], name="licenseassignment_once_per_user"
            ),
        ]

    def __str__(self):
        return f"{self.subscription} – {self.person}"
