import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, TenantRow
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.lifecycle import Lifecycle
from portal.references import encode
from subscriptions.models.asked import Asked, AskedQuerySet, AskedStatus
from subscriptions.models.catalog import Offer
from subscriptions.models.license_requests import default_expiry
from subscriptions.models.orders import Order


class OrderRequestQuerySet(AskedQuerySet):
    # A reseller sees what it asked for itself, not what its predecessor at a customer did.
    COLUMNS = AskedQuerySet.COLUMNS | {Kind.RESELLER: "asked_for"}

    def with_parties(self):
        """Joined with the companies, the people who asked and decided, and the order."""
        people = ("asked_by", "decided_by", "asked_for")
        return self.select_related("provider", "reseller", "customer", "order", *people)

    def for_list(self):
        """With all that a row shows, and nothing else."""
        return self.select_related("customer", "provider", "asked_for", "asked_by").only(
            "status",
            "lines",
            "asked_at",
            "expires_at",
            "customer__company_name",
            "provider__name",
            "asked_for__name",
            "asked_by__first_name",
            "asked_by__last_name",
            "asked_by__username",
        )


class OrderRequest(TenantRow, Asked, Lifecycle):
    """A reseller asks the provider to order for a customer of both (``domain.md`` 1b, 4.7).

    It holds no prices: those are the provider's, who orders on *New subscription*.
    """

    Status = AskedStatus
    TRANSITIONS = {
        AskedStatus.OPEN: frozenset(set(AskedStatus) - {AskedStatus.OPEN}),
    }

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="order_requests")
    # The reseller that asked; the customer may have gone to another one (``reseller``) since.
    asked_for = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=AskedStatus, default=AskedStatus.OPEN)
    # offer id -> {"quantity": licenses, "base": what an add-on belongs to (subscriptions.bases)}
    lines = models.JSONField(default=dict)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # One form, one request: a second press of the button finds the first one's.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(default=default_expiry)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=500, blank=True)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="request"
    )

    objects = OrderRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name, verbose_name_plural = _("order request"), _("order requests")
        indexes = [
            models.Index(fields=["provider", "asked_at", "id"], name="asked_of_provider"),
            models.Index(fields=["asked_for", "asked_at", "id"], name="asked_by_reseller"),
            models.Index(
                fields=["expires_at"], name="asked_running_out", condition=Q(status="open")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "asked_for"],
                name="asked_once_at_a_time",
                condition=Q(status="open"),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "declined"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="asked_answer_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", order__isnull=False)
                | (~Q(status="approved") & Q(order__isnull=True)),
                name="asked_approved_is_ordered",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        return encode("E", self.pk)

    @property
    def tenants(self):
        """Those who are told: the customer is not asked."""
        return [self.provider_id, self.asked_for_id]

    @property
    def choices(self):
        """How an address of *New subscription* writes the lines."""
        return [
            f"{pk}x{line['quantity']}" + (f"x{line['base']}" if line.get("base") else "")
            for pk, line in self.lines.items()
        ]

    def offers(self):
        """(Offer, licenses) of each line, by name."""
        found = Offer.objects.filter(pk__in=self.lines)
        return [(offer, self.lines[str(offer.pk)]["quantity"]) for offer in found]
