from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, DelegatedAdmin
from partners.models import Partnership
from portal.accounts.models import Organization


class CustomerMoveQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """To whom a provider gives its customers is its own business."""
        return self.filter(provider=membership.organization_id)

    def of(self, partnership):
        """In the order of customers, in which they are also locked."""
        return self.filter(partnership=partnership).order_by("customer_id")

    def decided(self):
        """Not carried out yet."""
        return self.filter(done_at=None)

    def done(self):
        return self.exclude(done_at=None)


class CustomerMove(models.Model):
    """Who looks after a customer once the partnership with its reseller has ended.

    Decided beforehand, carried out with the end; it then knows what has to be taken back when the
    end is. A customer without one stays as it is.
    """

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    # Empty: no indirect reseller at all.
    successor = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    # The successor's new privileges, and the former reseller's where they were withdrawn.
    granted = models.ForeignKey(
        DelegatedAdmin, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn = models.ForeignKey(
        DelegatedAdmin, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CustomerMoveQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "customer"]
        verbose_name, verbose_name_plural = _("customer move"), _("customer moves")
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "customer"], name="customermove_once_per_partnership"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False)
                | Q(granted__isnull=True, withdrawn__isnull=True),
                name="customermove_changes_rights_when_done",
            ),
        ]

    def __str__(self):
        return f"{self.customer} → {self.successor or '–'}"

    @property
    def tenants(self):
        return [self.provider_id]
