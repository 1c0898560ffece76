from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer, TenantQuerySet, TenantRow
from partners.models import MpnAccount
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode
from subscriptions.models.catalog import MONEY, Billing, Offer, Term
from subscriptions.models.windows import Windows


class SubscriptionQuerySet(TenantQuerySet):
    def with_partners(self):
        """Joined with everybody a row names."""
        return self.select_related(
            "provider",
            "customer",
            "reseller",
            "reseller_of_record__organization",
            "support_contact",
        )

    def for_list(self):
        """With all that a row shows, and nothing else."""
        named = ("provider", "customer", "reseller_of_record__organization", "support_contact")
        return self.select_related(*named).only(
            "name",
            "nickname",
            "quantity",
            "status",
            "ends_on",
            "auto_renew",
            "suspended_at",
            "created_at",
            "provider__name",
            "customer__company_name",
            "reseller_of_record__mpn_id",
            "reseller_of_record__organization__name",
            "support_contact__name",
        )

    def for_own_list(self):
        """With all that a row shows to its customer, and nothing else."""
        return self.select_related("provider", "support_contact").only(
            "name",
            "nickname",
            "quantity",
            "status",
            "term",
            "ends_on",
            "auto_renew",
            "suspended_at",
            "created_at",
            "provider__name",
            "support_contact__name",
        )


class Subscription(Windows, TenantRow, Lifecycle):
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

    class Ending(models.TextChoices):
        NOT_RENEWED = "not_renewed", _("Automatic renewal was turned off")
        TRIAL = "trial", _("The trial is over")
        WITHDRAWN = "withdrawn", _("The offer is not sold any more")
        BASE = "base", _("The subscription it belongs to has ended")

    TRANSITIONS = {
        Status.PENDING: frozenset({Status.ACTIVE, Status.CANCELLED}),
        Status.ACTIVE: frozenset({Status.SUSPENDED, Status.EXPIRED, Status.CANCELLED}),
        Status.SUSPENDED: frozenset(
            {Status.ACTIVE, Status.EXPIRED, Status.CANCELLED, Status.DELETED}
        ),
        Status.EXPIRED: frozenset({Status.DELETED}),
    }

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="subscriptions")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    # The subscription an add-on belongs to: it is never active where its base is not.
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="add_ons", editable=False
    )
    name = models.CharField(_("subscription"), max_length=200)
    nickname = models.CharField(_("nickname"), max_length=100, blank=True)
    quantity = models.PositiveIntegerField(_("licenses"))
    # How many of them are assigned to users: kept by services.assignments and no one else.
    assigned = models.PositiveIntegerField(default=0, editable=False)
    # Increases that can still be taken back: [when, licenses before], newest last.
    increases = models.JSONField(default=list, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    unit_price = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    term = models.CharField(max_length=5, choices=Term)
    billing = models.CharField(max_length=10, choices=Billing)
    started_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    auto_renew = models.BooleanField(_("automatic renewal"), default=True)
    # What changes when the term is renewed; empty: what there is goes on.
    renewal_quantity = models.PositiveIntegerField(null=True, blank=True)
    renewal_term = models.CharField(max_length=5, choices=Term, blank=True)
    renewal_billing = models.CharField(max_length=10, choices=Billing, blank=True)
    # The day of the month on which its terms begin, where a shorter month can't have it.
    anchor_day = models.PositiveSmallIntegerField(null=True, editable=False)
    suspended_at = models.DateTimeField(null=True, blank=True)
    # What was bought before an upgrade can't be taken back any more.
    upgraded_on = models.DateField(null=True, editable=False)
    ended_because = models.CharField(max_length=12, choices=Ending, blank=True, editable=False)
    # What was paid and not used when it was cancelled.
    credit = models.DecimalField(max_digits=20, decimal_places=2, null=True, editable=False)
    # The day on which the last reminder was due: none goes out twice.
    reminded_for = models.DateField(null=True, editable=False)
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
    # Goes up with every change: who submits an older one is told what happened meanwhile.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    is_new = False  # a list marks those it has just got

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = (
            _("subscription"),
            pgettext_lazy("noun", "subscriptions"),
        )
        indexes = [
            models.Index(fields=["provider", "created_at", "id"], name="subscription_list"),
            models.Index(fields=["reseller", "created_at", "id"], name="subscription_of_reseller"),
            models.Index(fields=["organization", "id"], name="subscription_of_organization"),
            models.Index(fields=["customer", "created_at", "id"], name="subscription_of_customer"),
            # For the regular round, which looks after the subscriptions of everybody.
            models.Index(
                fields=["ends_on"],
                name="subscription_due",
                condition=Q(status__in=["active", "suspended", "expired"]),
            ),
            models.Index(
                fields=["suspended_at"],
                name="subscription_to_be_deleted",
                condition=Q(status__in=["suspended", "expired"], suspended_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_has_licenses"),
            models.CheckConstraint(
                condition=Q(assigned__lte=F("quantity")), name="subscription_assigns_what_it_has"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "cancelled"]) | Q(started_on__isnull=False),
                name="subscription_started_has_a_date",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def reference(self):
        return encode("S", self.pk)

    @property
    def title(self):
        """What it is called on pages: its nickname, else the product's name."""
        return self.nickname or self.name

    @property
    def available(self):
        """Licenses that nobody has yet."""
        return self.quantity - self.assigned

    @property
    def is_assignable(self):
        """Whether its licenses can be given to users now."""
        return self.status == self.Status.ACTIVE

    @property
    def is_owned(self):
        """Whether it counts against a limit: a suspended one does until it is gone."""
        return self.status not in {self.Status.CANCELLED, self.Status.DELETED}

    @property
    def is_running(self):
        """Whether it can be changed at all."""
        return self.status in {self.Status.ACTIVE, self.Status.SUSPENDED}

    @property
    def open_increases(self):
        """The increases whose window is still open, as (moment of closing, licenses before)."""
        closing = [
            (parse_datetime(at) + settings.CANCELLATION_WINDOW, before)
            for at, before in self.increases
        ]
        return [(closes, before) for closes, before in closing if closes > now()]

    @property
    def bought_recently(self):
        """Whether the purchase itself can still be taken back."""
        recent = self.started_on and localdate() < self.started_on + settings.CANCELLATION_WINDOW
        return bool(recent and not self.upgraded_in_term)

    @property
    def floor(self):
        """How far the licenses can be reduced: only what was bought within the window goes."""
        if self.bought_recently:
            return min(self.offer.min_quantity, self.quantity)
        return min([self.quantity, *(before for _closes, before in self.open_increases)])

    @property
    def deleted_on(self):
        """The day a suspended subscription and its data are deleted, or None."""
        if self.status != self.Status.SUSPENDED or not self.suspended_at:
            return None
        return localdate(self.suspended_at + settings.DELETION_AFTER_SUSPENSION)

    @property
    def total(self):
        """Per billing period, excluding tax."""
        return self.unit_price * self.quantity
