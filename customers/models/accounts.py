from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.tenants import TenantQuerySet, TenantRow
from portal.lifecycle import Lifecycle


class AdminAccount(TenantRow, Lifecycle):
    """The customer's first account: provisioned in the background, its password shown once."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Being set up")
        PROVISIONED = "provisioned", _("Ready")
        REVEALED = "revealed", _("Handed over")
        RESET = "reset", _("Password reset")

    # A reset makes a new temporary password available, which again is shown once.
    TRANSITIONS = {
        Status.PENDING: frozenset({Status.PROVISIONED}),
        Status.PROVISIONED: frozenset({Status.REVEALED, Status.RESET}),
        Status.REVEALED: frozenset({Status.RESET}),
        Status.RESET: frozenset({Status.REVEALED, Status.RESET}),
    }

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="admin_account")
    account_name = models.CharField(_("admin user account"), max_length=150)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    provisioned_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    revealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("admin account"), _("admin accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="pending") | Q(user__isnull=False),
                name="adminaccount_provisioned_has_a_user",
            ),
        ]

    def __str__(self):
        return self.account_name

    @property
    def provisioning_key(self):
        """The name of the one promise to set this account up."""
        return f"adminaccount:{self.pk}"
