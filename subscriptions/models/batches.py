from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ProvidersQuerySet
from partners.models import MpnAccount
from portal.accounts.models import Organization
from portal.batches import Batch, BatchRow
from portal.references import encode
from subscriptions.models.subscription import Subscription


class ChangeBatch(Batch):
    """Many subscriptions that get another reseller of record, support contact, or both."""

    sets_reseller = models.BooleanField(default=False)
    # Empty, where it is set at all: no indirect reseller.
    location = models.ForeignKey(
        MpnAccount, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sets_contact = models.BooleanField(default=False)
    # Empty, where it is set at all: the provider itself.
    contact = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProvidersQuerySet.as_manager()

    class Meta(Batch.Meta):
        verbose_name, verbose_name_plural = _("change batch"), _("change batches")

    @property
    def reference(self):
        return encode("H", self.pk)

    @property
    def changes(self):
        """What each subscription is to have: values by the names of its fields."""
        reseller = {"reseller_of_record": self.location} if self.sets_reseller else {}
        return reseller | ({"support_contact": self.contact} if self.sets_contact else {})


class ChangeBatchRow(BatchRow):
    """One subscription of a batch: whom it named before, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CHANGED = "changed", _("Changed")
        SKIPPED = "skipped", _("Skipped")

    batch = models.ForeignKey(ChangeBatch, models.CASCADE, related_name="rows")
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="+")
    former_location = models.ForeignKey(
        MpnAccount, models.PROTECT, null=True, blank=True, related_name="+"
    )
    former_contact = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)

    objects = ProvidersQuerySet.as_manager()

    class Meta(BatchRow.Meta):
        verbose_name, verbose_name_plural = _("change batch row"), _("change batch rows")
        constraints = [
            *BatchRow.Meta.constraints,
            models.UniqueConstraint(fields=["batch", "subscription"], name="changebatchrow_once"),
        ]
