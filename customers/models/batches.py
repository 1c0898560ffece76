from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.tags import ProvidersQuerySet
from portal.accounts.models import Organization
from portal.batches import Batch, BatchRow
from portal.references import encode


class MoveBatch(Batch):
    """Many customers that go to another reseller, or to none, because somebody said so once."""

    # Empty: no indirect reseller at all.
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProvidersQuerySet.as_manager()

    class Meta(Batch.Meta):
        verbose_name, verbose_name_plural = _("move batch"), _("move batches")

    @property
    def reference(self):
        return encode("M", self.pk)

    @property
    def reseller_reference(self):
        return encode("R", self.reseller_id)


class MoveBatchRow(BatchRow):
    """One customer of a batch: from whom it goes, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MOVED = "moved", _("Moved")
        SKIPPED = "skipped", _("Skipped")

    batch = models.ForeignKey(MoveBatch, models.CASCADE, related_name="rows")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    former = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)

    objects = ProvidersQuerySet.as_manager()

    class Meta(BatchRow.Meta):
        verbose_name, verbose_name_plural = _("move batch row"), _("move batch rows")
        constraints = [
            *BatchRow.Meta.constraints,
            models.UniqueConstraint(fields=["batch", "customer"], name="movebatchrow_once"),
        ]
