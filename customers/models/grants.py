"""What a customer lets its partners do, each grant with its name and its last day."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from customers.models.tenants import TenantQuerySet, TenantRow
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.lifecycle import Lifecycle
from portal.references import encode

MOST_DAYS = 730  # domain.md 2.8 and 4.12: a grant lasts 1 to 730 days
DAYS = [MinValueValidator(1), MaxValueValidator(MOST_DAYS)]


def admin_days():
    return settings.DELEGATED_ADMIN_DAYS


def admin_end():
    return now() + timedelta(days=admin_days())


def owner_end():
    return now() + timedelta(days=settings.TENANT_OWNER_DAYS)


class Grant(TenantRow, Lifecycle):
    """Something a customer lets a partner do until ``ends_at``.

    It ends at that moment whatever the row still says: ``granted()`` and ``state`` look at the
    clock, the regular round only writes down what is so.
    """

    class Status(models.TextChoices):
        GRANTED = "granted", _("Granted")
        REVOKED = "revoked", _("Removed")
        EXPIRED = "expired", _("Expired")

    # Back only where a provider takes back what it did a moment ago.
    TRANSITIONS = {
        Status.GRANTED: frozenset({Status.REVOKED, Status.EXPIRED}),
        Status.REVOKED: frozenset({Status.GRANTED}),
    }

    partner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.GRANTED)
    granted_at = models.DateTimeField(default=now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def tenants(self):
        """The partner too: it may no longer be the customer's reseller."""
        return [*dict.fromkeys([*super().tenants, self.partner_id])]

    @property
    def is_in_force(self):
        return self.status == self.Status.GRANTED and self.ends_at > now()

    @property
    def state(self):
        """The status as people should read it."""
        over = self.status == self.Status.GRANTED and not self.is_in_force
        return self.Status.EXPIRED if over else self.Status(self.status)

    @property
    def state_words(self):
        return self.state.label


class GrantQuerySet(TenantQuerySet):
    def granted(self):
        """Those in force at this very moment."""
        return self.filter(status=Grant.Status.GRANTED, ends_at__gt=now())

    def run_out(self):
        """Those that have ended and that nobody has written down yet."""
        return self.filter(status=Grant.Status.GRANTED, ends_at__lte=now())

    def in_state(self, state):
        """Those that people should read as being in ``state``; see ``Grant.state``."""
        if state == Grant.Status.GRANTED:
            return self.granted()
        late = Q(status=Grant.Status.GRANTED, ends_at__lte=now())
        return self.filter(
            Q(status=state) | late if state == Grant.Status.EXPIRED else Q(status=state)
        )


class DelegatedAdminQuerySet(GrantQuerySet):
    def visible_to(self, membership):
        """Also what a reseller still holds at customers that another one looks after today."""
        if membership.organization.kind != Kind.RESELLER:
            return super().visible_to(membership)
        own = membership.organization_id
        return self.filter(Q(reseller=own) | Q(partner=own))

    def held_by(self, organization_id):
        return self.filter(partner=organization_id)

    def listed_for(self, membership):
        """*Admin relationships*: a provider's all, of a reseller what it holds itself."""
        found = self.visible_to(membership)
        if membership.organization.kind == Kind.RESELLER:
            found = found.held_by(membership.organization_id)
        return found

    def ending_within(self, days):
        return self.granted().filter(ends_at__lte=now() + timedelta(days=days))

    def reminders_due(self):
        """Those in force whose partners are to be told, now, that the end is near."""
        due = Q()
        for days in DelegatedAdmin.REMINDERS:
            due |= Q(next_reminder=days, ends_at__lte=now() + timedelta(days=days))
        return self.granted().filter(due)

    def with_renewals(self):
        """Each with the status of its latest renewal request, and when that was asked for."""
        latest = AdminRenewal.objects.filter(grant=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            renewal_status=Subquery(latest.values("status")[:1]),
            renewal_at=Subquery(latest.values("asked_at")[:1]),
        )


class DelegatedAdmin(Grant):
    """A partner's right to administer a customer's account and subscriptions."""

    REMINDERS = (30, 7, 1)  # days before the end, domain.md 2.8

    name = models.CharField(_("name"), max_length=50, blank=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="delegated_admins")
    ends_at = models.DateTimeField(default=admin_end)
    # The next of REMINDERS; empty when none is left.
    next_reminder = models.PositiveSmallIntegerField(null=True, blank=True, default=30)

    objects = DelegatedAdminQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("delegated admin"), _("delegated admins")
        indexes = [
            models.Index(fields=["provider", "ends_at", "id"], name="delegatedadmin_of_provider"),
            models.Index(fields=["partner", "ends_at", "id"], name="delegatedadmin_of_partner"),
            models.Index(
                fields=["ends_at"], name="delegatedadmin_ending", condition=Q(status="granted")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "partner"],
                condition=Q(status="granted"),
                name="delegatedadmin_once_per_partner",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("granted_at")), name="delegatedadmin_ends_after_it_began"
            ),
        ]

    def __str__(self):
        return f"{self.partner} – {self.customer}"

    @classmethod
    def term(cls, days):
        """The fields of a grant that lasts so many ``days`` (1 to 730) from now on."""
        reminder = next((before for before in cls.REMINDERS if before < days), None)
        return {"ends_at": now() + timedelta(days=days), "next_reminder": reminder}

    @property
    def reference(self):
        return encode("G", self.pk)

    @property
    def customer_reference(self):
        """The customer's, without looking the customer up."""
        return encode("C", self.customer_id)

    @property
    def title(self):
        return self.name or _("Delegated admin privileges")

    @property
    def renewal_words(self):
        """How the latest renewal request stands, of rows ``with_renewals``; "" without one."""
        return AdminRenewal.Status(self.renewal_status).label if self.renewal_status else ""


class AdminRenewalQuerySet(TenantQuerySet):
    COLUMNS = TenantQuerySet.COLUMNS | {Kind.RESELLER: "partner"}

    def pending(self):
        """Those that can still be answered: the grant they are about is in force."""
        in_force = {"grant__status": Grant.Status.GRANTED, "grant__ends_at__gt": now()}
        return self.filter(status=AdminRenewal.Status.ASKED, **in_force)


class AdminRenewal(TenantRow, Lifecycle):
    """A partner asks the customer to let a grant last ``days`` from the answer on."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Extended")
        DECLINED = "declined", _("Declined")

    TRANSITIONS = {Status.ASKED: frozenset({Status.ACCEPTED, Status.DECLINED})}

    grant = models.ForeignKey(DelegatedAdmin, models.CASCADE, related_name="renewals")
    partner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(default=admin_days, validators=DAYS)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField(default=now)
    # Empty: the partner lets the portal ask by itself.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AdminRenewalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name, verbose_name_plural = _("admin renewal"), _("admin renewals")
        constraints = [
            models.UniqueConstraint(
                fields=["grant"], condition=Q(status="asked"), name="adminrenewal_one_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.grant} +{self.days}"

    @property
    def tenants(self):
        return [*dict.fromkeys([*super().tenants, self.partner_id])]

    @property
    def until(self):
        """When the grant would end if the customer extended it now."""
        return max(now() + timedelta(days=self.days), self.grant.ends_at)


class TenantOwnerQuerySet(GrantQuerySet):
    COLUMNS = TenantQuerySet.COLUMNS | {Kind.RESELLER: "partner"}

    def newest(self):
        return self.select_related("partner", "person", "granted_by").order_by("-granted_at", "-pk")


class TenantOwner(Grant):
    """An indirect reseller, or one person there, owns a customer's tenant for a while.

    The seed's row "Enable the reseller to manage an Azure customer's account"; ux.md 2.24.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tenant_owners")
    # Empty: the whole team.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ends_at = models.DateTimeField(default=owner_end)

    objects = TenantOwnerQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("tenant owner"), _("tenant owners")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "partner", "person"],
                condition=Q(status="granted"),
                name="tenantowner_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("granted_at")), name="tenantowner_ends_after_it_began"
            ),
        ]

    def __str__(self):
        return f"{self.person or self.partner} – {self.customer}"

    @property
    def reference(self):
        return encode("T", self.pk)
