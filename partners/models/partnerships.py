from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.figures import customers_between
from partners.models.companies import MpnAccount
from partners.models.requests import PartnershipRequest, TwoSidedQuerySet
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode
from portal.text import sort_key

# What a row of either list shows of the partnership itself.
SHOWN = ("provider", "reseller", "status", "started_at", "removed_at")


class PartnershipQuerySet(TwoSidedQuerySet):
    def active(self):
        return self.filter(status=Partnership.Status.ACTIVE)

    def removed(self):
        return self.filter(status=Partnership.Status.REMOVED)

    def latest_with(self, partner):
        """The latest partnership with the company of this id, or None; for rows of one side."""
        side = Q(provider=partner) | Q(reseller=partner)
        return self.filter(side).with_partners().order_by("-started_at", "-pk").first()

    def with_partners(self):
        """Joined with both companies and the reseller's location."""
        return self.select_related("provider", "reseller__partner", "location")

    def list_of_resellers(self):
        """With all that a provider's row shows, and nothing else."""
        reseller = ("reseller__name", "reseller__partner__agreement_signed_at")
        location = ("location__mpn_id", "location__country")
        joined = self.select_related("reseller__partner", "location")
        return joined.only(*SHOWN, *reseller, *location)._counted()

    def list_of_providers(self):
        """With all that a reseller's row shows, and nothing else."""
        provider = ("provider__name", "provider__partner__resellers_manage_subscriptions")
        joined = self.select_related("provider__partner")
        return joined.only(*SHOWN, "removed_for", *provider)._counted()

    def _counted(self):
        """With ``customer_count``, the customers both serve."""
        return self.annotate(customer_count=customers_between("provider", "reseller"))


class Partnership(Lifecycle):
    """Two companies that serve the same customers."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        REMOVED = "removed", _("Removed")

    # Whoever removes a partnership can take that back for a while.
    TRANSITIONS = {
        Status.ACTIVE: frozenset({Status.REMOVED}),
        Status.REMOVED: frozenset({Status.ACTIVE}),
    }
    UNDO = timedelta(minutes=20)

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller_name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    location = models.ForeignKey(MpnAccount, models.PROTECT, related_name="+")
    request = models.OneToOneField(
        PartnershipRequest, models.PROTECT, null=True, blank=True, related_name="partnership"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    started_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The side that ended it; its reason is its own and not for the other side to read.
    removed_for = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removal_reason = models.CharField(max_length=500, blank=True)
    statement_version = models.CharField(max_length=20, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["reseller_name_key", "pk"]
        verbose_name, verbose_name_plural = _("partnership"), _("partnerships")
        indexes = [
            models.Index(
                fields=["provider", "status", "reseller_name_key", "id"], name="partnership_list"
            ),
            models.Index(fields=["reseller", "status"], name="partnership_of_reseller"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "reseller"],
                condition=Q(status="active"),
                name="partnership_one_active_per_pair",
            ),
            models.CheckConstraint(
                condition=~Q(provider=F("reseller")), name="partnership_not_with_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(status="removed")
                | (Q(removed_at__isnull=False) & ~Q(statement_version="")),
                name="partnership_removed_is_complete",
            ),
        ]

    def __str__(self):
        return f"{self.provider} – {self.reseller}"

    def save(self, *args, **kwargs):
        self.reseller_name_key = sort_key(self.reseller.name)
        super().save(*args, **kwargs)

    @property
    def reference(self):
        """The reseller's, so that it stays the same when a partnership starts anew."""
        return encode("R", self.reseller_id)

    @property
    def provider_reference(self):
        """The provider's, for lists that a reseller filters by provider."""
        return encode("R", self.provider_id)

    @property
    def tenants(self):
        return [self.provider_id, self.reseller_id]

    @property
    def undo_until(self):
        """The moment until which whoever ended it can take that back; None while it is active."""
        return self.removed_at and self.removed_at + self.UNDO

    def ending_for(self, membership):
        """How it ended, as a sentence for one side; the other side's people are not named."""
        at = date_format(localtime(self.removed_at), "DATETIME_FORMAT")
        if self.removed_for_id not in {None, membership.organization_id}:
            who = self.other(membership.organization)
        else:
            who = self.removed_by
        if who is None:
            return gettext("The partnership ended on %(at)s.") % {"at": at}
        return gettext("%(name)s ended the partnership on %(at)s.") % {"name": who, "at": at}

    def other(self, organization):
        """The company on the other side of ``organization``."""
        return self.reseller if organization.pk == self.provider_id else self.provider

    @property
    def agreement_missing(self):
        """Whether the reseller has yet to sign; until then no business is done with it."""
        profile = getattr(self.reseller, "partner", None)
        return not (profile and profile.agreement_signed)
