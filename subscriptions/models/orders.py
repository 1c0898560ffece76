import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer, TenantQuerySet, TenantRow
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode
from subscriptions.models.catalog import MONEY, Offer
from subscriptions.models.subscription import Subscription


class OrderDraftQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Drafts belong to the provider; colleagues see each other's."""
        return self.filter(provider=membership.organization_id)

    def open(self):
        return self.filter(order__isnull=True)

    def owned_by(self, user_id):
        """Those this person began or took over."""
        return self.filter(Q(taken_by=user_id) | Q(taken_by=None, created_by=user_id))

    def for_list(self):
        """With all that a row shows, and nothing else."""
        people = ("created_by", "taken_by")
        return self.select_related("reseller", *people).only(
            "account",
            "typed",
            "updated_at",
            "reseller__name",
            "created_by__first_name",
            "created_by__last_name",
            "created_by__username",
            "taken_by__first_name",
            "taken_by__last_name",
            "taken_by__username",
        )


class OrderDraft(models.Model):
    """The wizard's memory: what was typed so far, until it is submitted or cancelled."""

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    account = models.JSONField(default=dict)  # the fields of the account form, once it was valid
    # The same fields as they were typed last, right or not; empty once they were right.
    typed = models.JSONField(default=dict)
    # The page that saved the first step last: what it saves next overwrites nobody.
    tab = models.UUIDField(null=True, blank=True, editable=False)
    # offer id -> {"quantity": licenses, "price": what one cost when it was chosen}
    lines = models.JSONField(default=dict)
    # One form, one draft: a second press of the first step's button finds the first one's draft.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # It belongs to whoever created it, until a colleague takes it over.
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(
        "Order", models.PROTECT, null=True, blank=True, related_name="draft"
    )

    objects = OrderDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        verbose_name, verbose_name_plural = _("order draft"), _("order drafts")
        indexes = [models.Index(fields=["provider", "-updated_at"], name="draft_by_provider")]

    def __str__(self):
        return self.entered.get("company_name") or self.reference

    @property
    def entered(self):
        """The fields of the first step as they stand: as typed last, else as they were right."""
        return self.account | self.typed

    @property
    def step(self):
        """Which of the three steps is next: account, subscriptions or review."""
        return 1 if not self.account else 3 if self.lines else 2

    @property
    def quantities(self):
        """What is chosen: offer id -> licenses."""
        return {int(pk): line["quantity"] for pk, line in self.lines.items()}

    @property
    def bases(self):
        """What chosen add-ons belong to: offer id -> key (``subscriptions.bases``)."""
        return {int(pk): line["base"] for pk, line in self.lines.items() if "base" in line}

    @property
    def owner(self):
        return self.taken_by or self.created_by

    @property
    def owner_id(self):
        return self.taken_by_id or self.created_by_id

    @property
    def tenants(self):
        return [self.provider_id]

    @property
    def reference(self):
        return encode("D", self.pk)


class OrderQuerySet(TenantQuerySet):
    def with_lines(self):
        """Joined with everybody a row names, and with the lines and what they became."""
        lines = OrderLine.objects.select_related("offer", "subscription__base")
        people = self.select_related("provider", "customer", "reseller", "placed_by")
        return people.prefetch_related(models.Prefetch("lines", lines))

    def for_list(self):
        """With all that a row shows, its lines as ``shown_lines``, and nothing else."""
        lines = OrderLine.objects.select_related("offer").only(
            "order", "quantity", "unit_price", "currency", "offer__billing"
        )
        people = self.select_related("customer", "reseller", "placed_by").only(
            "status",
            "placed_at",
            "moved_at",
            "customer__company_name",
            "reseller__name",
            "placed_by__first_name",
            "placed_by__last_name",
            "placed_by__username",
        )
        return people.prefetch_related(models.Prefetch("lines", lines, to_attr="shown_lines"))

    def stuck(self):
        """Those that should be on their way, but in which nothing has happened for too long."""
        return self.filter(status=Order.Status.PLACED, moved_at__lt=_too_long_ago())


class Order(TenantRow, Lifecycle):
    """What a provider ordered for a customer in one go."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for agreement")
        PLACED = "placed", _("Running")
        COMPLETED = "completed", _("Done")
        FAILED = "failed", _("Partly failed")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS = {
        Status.WAITING: frozenset({Status.PLACED, Status.CANCELLED}),
        Status.PLACED: frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED}),
        # A failed line may be tried again, or left.
        Status.FAILED: frozenset({Status.PLACED, Status.COMPLETED, Status.CANCELLED}),
        Status.COMPLETED: frozenset({Status.CANCELLED}),
    }

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLACED)
    currency = models.CharField(max_length=3)
    # One form, one order: a second press of Submit finds the first one's result.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=now)
    # When something happened to it or to one of its lines: the regular round asks.
    moved_at = models.DateTimeField(default=now, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        verbose_name, verbose_name_plural = _("order"), pgettext_lazy("noun", "orders")
        indexes = [
            models.Index(fields=["provider", "-placed_at", "-id"], name="order_list"),
            models.Index(fields=["customer"], name="order_of_customer"),
            models.Index(fields=["moved_at"], name="order_running", condition=Q(status="placed")),
        ]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        return encode("O", self.pk)

    @property
    def reseller_reference(self):
        return encode("R", self.reseller_id) if self.reseller_id else ""

    @property
    def cancellable_until(self):
        """The moment until which everything it ordered can be taken back."""
        return self.placed_at + settings.CANCELLATION_WINDOW

    @property
    def is_running(self):
        """Whether lines are being set up right now."""
        return self.status == self.Status.PLACED

    @property
    def state(self):
        """The status as people should read it: an order that is stuck does not say it runs."""
        return "stuck" if self.is_stuck else self.status

    @property
    def state_words(self):
        return _("Stuck") if self.is_stuck else self.get_status_display()

    @property
    def is_stuck(self):
        """Whether it should be on its way, but nothing has happened for too long."""
        return self.is_running and self.moved_at < _too_long_ago()

    def add_ons_elsewhere(self):
        """What was ordered elsewhere and belongs to what this order bought: it ends with it."""
        gone = (Subscription.Status.CANCELLED, Subscription.Status.DELETED)
        add_ons = Subscription.objects.filter(base__order_line__order=self)
        return add_ons.exclude(order_line__order=self).exclude(status__in=gone)

    @property
    def can_cancel(self):
        """Whether it can be taken back: not after an upgrade of what it bought."""
        in_time = self.can_become(self.Status.CANCELLED) and now() < self.cancellable_until
        return in_time and not self._has_upgrades

    @cached_property
    def _has_upgrades(self):
        bought = Subscription.objects.filter(order_line__order=self)
        return bought.filter(upgraded_on__isnull=False).exists()


class OrderLineQuerySet(TenantQuerySet):
    def to_begin_with(self):
        """All but those that wait for another line of their order: add-ons of what it sets up."""
        return self.exclude(subscription__base__order_line__order=F("order"))

    def add_ons_of(self, lines):
        """The lines of the same order whose subscriptions are add-ons of what ``lines`` set up."""
        return self.filter(subscription__base__in=[line.subscription_id for line in lines])


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
    # Goes up whenever somebody has it tried again; the market is asked several times in each.
    attempt = models.PositiveSmallIntegerField(default=1, editable=False)
    # When the market did not answer, and what was the matter: [moment, reason], newest last.
    tries = models.JSONField(default=list, editable=False)
    subscription = models.OneToOneField(
        Subscription, models.PROTECT, null=True, blank=True, related_name="order_line"
    )

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("order line"), _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "offer"], name="orderline_once_per_offer"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="orderline_has_licenses"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.name}"

    @property
    def promise_key(self):
        """What the outbox calls the attempt that is under way, or was the last."""
        return f"orderline:{self.pk}:{self.attempt}"

    @property
    def total(self):
        """Per billing period, excluding tax."""
        return self.unit_price * self.quantity


def _too_long_ago():
    return now() - settings.ORDER_STUCK_AFTER
