import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, TenantQuerySet, TenantRow
from partners.models import MpnAccount
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode
from portal.text import fold

MONEY = {"max_digits": 12, "decimal_places": 2}


class Term(models.TextChoices):
    """How long a commitment lasts, as ISO 8601 says it."""

    MONTH = "P1M", _("1 month")
    YEAR = "P1Y", _("1 year")
    THREE_YEARS = "P3Y", _("3 years")
    SIX_YEARS = "P72M", _("6 years")
    TRIAL = "P30D", _("30 days")


class Billing(models.TextChoices):
    MONTHLY = "monthly", _("Monthly")
    ANNUAL = "annual", _("Annual")
    ONE_TIME = "one_time", _("Once")
    NONE = "none", _("Free of charge")


class Product(models.Model):
    """A product of the vendor's catalogue; its name and ids are data, not ours."""

    guid = models.UUIDField(unique=True)
    string_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Offer(models.Model):
    """A product as it is sold: how many licenses, for how long, billed how often."""

    class Category(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        SMALL_BUSINESS = "small_business", _("Small business")
        EDUCATION = "education", _("Education")
        GOVERNMENT = "government", _("Government")
        ADD_ON = "add_on", _("Add-on")
        TRIAL = "trial", _("Trial")

    product = models.ForeignKey(Product, models.PROTECT, related_name="offers")
    name = models.CharField(_("subscription"), max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    sku_id = models.CharField(max_length=60, unique=True)
    publisher = models.CharField(_("publisher"), max_length=100)
    category = models.CharField(_("category"), max_length=20, choices=Category)
    term = models.CharField(_("term"), max_length=5, choices=Term)
    billing = models.CharField(_("billing type"), max_length=10, choices=Billing)
    min_quantity = models.PositiveIntegerField(default=1)
    max_quantity = models.PositiveIntegerField()
    limit_per_customer = models.PositiveSmallIntegerField(null=True, blank=True)
    is_add_on = models.BooleanField(default=False)
    is_trial = models.BooleanField(default=False)
    is_available = models.BooleanField(default=True)

    class Meta:
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["name_key", "id"], name="offer_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(min_quantity__gte=1, max_quantity__gte=F("min_quantity")),
                name="offer_quantities_in_order",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)


class OfferPrice(models.Model):
    """What one license costs per billing period, in one currency."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    unit_price = models.DecimalField(**MONEY)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "currency"], name="price_once_per_currency"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_not_negative"),
        ]

    def __str__(self):
        return f"{self.unit_price} {self.currency}"


class OrderDraftQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Drafts belong to the provider; colleagues see each other's."""
        return self.filter(provider=membership.organization_id)

    def open(self):
        return self.filter(order__isnull=True)


class OrderDraft(models.Model):
    """The wizard's memory: what was typed so far, until it is submitted or cancelled."""

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    account = models.JSONField(default=dict)  # the fields of the account form, once it was valid
    lines = models.JSONField(default=dict)  # offer id -> licenses
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    order = models.OneToOneField(
        "Order", models.PROTECT, null=True, blank=True, related_name="draft"
    )

    objects = OrderDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["provider", "-updated_at"], name="draft_by_provider")]

    def __str__(self):
        return self.account.get("company_name") or self.reference

    @property
    def reference(self):
        return encode("D", self.pk)


class Order(TenantRow, Lifecycle):
    """What a provider ordered for a customer in one go."""

    class Status(models.TextChoices):
        PLACED = "placed", _("Running")
        COMPLETED = "completed", _("Done")
        FAILED = "failed", _("Partly failed")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS = {
        Status.PLACED: frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED}),
        Status.FAILED: frozenset({Status.COMPLETED, Status.CANCELLED}),
        Status.COMPLETED: frozenset({Status.CANCELLED}),
    }

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLACED)
    currency = models.CharField(max_length=3)
    # One form, one order: a second press of Submit finds the first one's result.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=now)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        indexes = [
            models.Index(fields=["provider", "-placed_at", "-id"], name="order_list"),
            models.Index(fields=["customer"], name="order_of_customer"),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        return encode("O", self.pk)


class Subscription(TenantRow, Lifecycle):
    """Licenses of one offer that a customer has for a term.

    Three facts stay apart and none follows from another: the reseller who looks after the
    customer, the reseller of record (by MPN ID), and the designated support contact.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")
        DELETED = "deleted", _("Deleted")

    TRANSITIONS = {
        Status.PENDING: frozenset({Status.ACTIVE, Status.CANCELLED}),
        Status.ACTIVE: frozenset({Status.SUSPENDED, Status.EXPIRED, Status.CANCELLED}),
        Status.SUSPENDED: frozenset({Status.ACTIVE, Status.EXPIRED, Status.DELETED}),
        Status.EXPIRED: frozenset({Status.DELETED}),
    }

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="subscriptions")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    name = models.CharField(_("subscription"), max_length=200)
    quantity = models.PositiveIntegerField(_("licenses"))
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    unit_price = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    term = models.CharField(max_length=5, choices=Term)
    billing = models.CharField(max_length=10, choices=Billing)
    started_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    auto_renew = models.BooleanField(_("automatic renewal"), default=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    reseller_of_record = models.ForeignKey(
        MpnAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Reseller (MPN ID)"),
    )
    # Empty: the provider itself.
    support_contact = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Designated support contact"),
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["provider", "created_at", "id"], name="subscription_list"),
            models.Index(fields=["reseller", "created_at", "id"], name="subscription_of_reseller"),
            models.Index(fields=["organization", "id"], name="subscription_of_organization"),
            models.Index(fields=["customer", "created_at", "id"], name="subscription_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_has_licenses"),
            models.CheckConstraint(
                condition=Q(status="pending") | Q(started_on__isnull=False),
                name="subscription_started_has_a_date",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def reference(self):
        return encode("S", self.pk)


class OrderLine(TenantRow, Lifecycle):
    """One offer of an order; its price is fixed here and never looked up again."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        FULFILLED = "fulfilled", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS = {
        Status.PENDING: frozenset({Status.FULFILLED, Status.FAILED, Status.CANCELLED}),
        Status.FAILED: frozenset({Status.PENDING, Status.CANCELLED}),
        Status.FULFILLED: frozenset({Status.CANCELLED}),
    }

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    error = models.CharField(max_length=300, blank=True)
    subscription = models.OneToOneField(
        Subscription, models.PROTECT, null=True, blank=True, related_name="order_line"
    )

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "offer"], name="orderline_once_per_offer"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="orderline_has_licenses"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.name}"

    @property
    def total(self):
        """Per billing period, excluding tax."""
        return self.unit_price * self.quantity
