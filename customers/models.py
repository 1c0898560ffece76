from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.countries import countries
from portal.lifecycle import Lifecycle
from portal.references import encode
from portal.text import fold, sort_key


class TenantQuerySet(models.QuerySet):
    """Rows about a customer: the provider's, the reseller's who looks after it, its own."""

    COLUMNS = {Kind.PROVIDER: "provider", Kind.RESELLER: "reseller", Kind.CUSTOMER: "organization"}

    def visible_to(self, membership):
        """What the acting organization may see, by the side of the relationship it is on."""
        column = self.COLUMNS[Kind(membership.organization.kind)]
        return self.filter(**{column: membership.organization_id})


class TenantRow(models.Model):
    """The three parties of a row about a customer, repeated on each for the second wall."""

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def tenants(self):
        return [pk for pk in (self.provider_id, self.reseller_id, self.organization_id) if pk]

    @property
    def parties(self):
        """The same three, to be handed to a row that belongs to this one."""
        return {
            "provider_id": self.provider_id,
            "reseller_id": self.reseller_id,
            "organization_id": self.organization_id,
        }


# Subscriptions in these states are over: they no longer count among a customer's.
SUBSCRIPTIONS_OVER = ("expired", "cancelled", "deleted")


class CustomerQuerySet(TenantQuerySet):
    def active(self):
        return self.filter(status=Customer.Status.ACTIVE)

    def with_parties(self):
        """Joined with the provider and the reseller."""
        return self.select_related("provider", "reseller")

    def for_list(self):
        """With all that a row shows, opened or not, and nothing else."""
        return self.with_parties().only(
            "company_name",
            "domain",
            "status",
            "first_name",
            "last_name",
            "email",
            "phone",
            "provider__name",
            "reseller__name",
        )

    def figures(self):
        """Number of subscriptions and of their licenses by customer id; for a page, not for all."""
        lasting = ~Q(subscriptions__status__in=SUBSCRIPTIONS_OVER)
        counted = (
            self.order_by()
            .values("pk")
            .annotate(
                subscription_count=Count("subscriptions", filter=lasting),
                license_count=Coalesce(Sum("subscriptions__quantity", filter=lasting), 0),
            )
        )
        return {row.pop("pk"): row for row in counted}

    def matching(self, text):
        """Customers whose name or domain holds every word of ``text``."""
        found = self
        for word in fold(text).split():
            found = found.filter(Q(name_key__contains=word) | Q(domain__contains=word))
        return found


class Customer(TenantRow, Lifecycle):
    """One provider's account of one customer organization."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        REMOVED = "removed", _("Removed")

    TRANSITIONS = {Status.ACTIVE: frozenset({Status.REMOVED})}

    class Qualification(models.TextChoices):
        NONE = "none", _("None")
        EDUCATION = "education", _("Education")

    class EducationSegment(models.TextChoices):
        SCHOOL = "school", _("Primary or secondary school")
        HIGHER = "higher", _("Higher education")
        OTHER = "other", _("Library, museum or other institution")

    class Agreement(models.TextChoices):
        ASKED = "asked", _("Customer will be asked to accept the customer agreement")
        ACCEPTED = "accepted", _("Customer has accepted the latest customer agreement")

    company_name = models.CharField(_("company"), max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    domain = models.CharField(_("primary domain name"), max_length=100)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    country = models.CharField(_("country/region"), max_length=2)
    address_line_1 = models.CharField(_("address line 1"), max_length=200)
    address_line_2 = models.CharField(_("address line 2"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100)
    state = models.CharField(_("state/province"), max_length=100, blank=True)
    postal_code = models.CharField(_("ZIP/postal code"), max_length=20, blank=True)
    registration_number = models.CharField(_("registration ID"), max_length=40, blank=True)
    qualification = models.CharField(
        _("special qualifications"),
        max_length=10,
        choices=Qualification,
        default=Qualification.NONE,
    )
    education_segment = models.CharField(
        _("education segment"), max_length=10, choices=EducationSegment, blank=True
    )
    education_website = models.URLField(_("education website"), blank=True)
    first_name = models.CharField(_("first name"), max_length=50)
    last_name = models.CharField(_("last name"), max_length=50)
    email = models.EmailField(_("email address"))
    phone = models.CharField(_("phone number"), max_length=30, blank=True)
    language = models.CharField(_("language of letters"), max_length=5, choices=settings.LANGUAGES)
    agreement = models.CharField(_("customer agreement"), max_length=10, choices=Agreement)
    agreement_date = models.DateField(_("agreement acceptance date"), null=True, blank=True)
    agreement_first_name = models.CharField(max_length=50, blank=True)
    agreement_last_name = models.CharField(max_length=50, blank=True)
    agreement_email = models.EmailField(blank=True)
    agreement_phone = models.CharField(max_length=30, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        indexes = [
            models.Index(fields=["provider", "name_key", "id"], name="customer_list"),
            models.Index(
                fields=["provider", "reseller", "name_key", "id"], name="customer_list_of_reseller"
            ),
            models.Index(fields=["reseller", "name_key", "id"], name="customer_list_reseller"),
            models.Index(fields=["provider", "created_at", "id"], name="customer_list_by_date"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "organization"], name="customer_once_per_provider"
            ),
            models.CheckConstraint(
                condition=~Q(provider=F("reseller")), name="customer_reseller_is_not_provider"
            ),
            models.CheckConstraint(
                condition=Q(agreement="asked") | Q(agreement_date__isnull=False),
                name="customer_accepted_agreement_has_a_date",
            ),
        ]

    def __str__(self):
        return self.company_name

    def save(self, *args, **kwargs):
        self.name_key = sort_key(self.company_name)
        super().save(*args, **kwargs)

    @property
    def reference(self):
        return encode("C", self.pk)

    @property
    def country_name(self):
        return countries()[self.country].name

    @property
    def may_buy(self):
        """Without an accepted customer agreement the account exists but orders wait."""
        return self.agreement == self.Agreement.ACCEPTED


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


class DelegatedAdminQuerySet(TenantQuerySet):
    def granted(self):
        return self.filter(status=DelegatedAdmin.Status.GRANTED)


class DelegatedAdmin(TenantRow, Lifecycle):
    """A partner's right to administer a customer's account and subscriptions."""

    class Status(models.TextChoices):
        GRANTED = "granted", _("Granted")
        REVOKED = "revoked", _("Removed")

    # Back only where a provider takes back what it did a moment ago.
    TRANSITIONS = {
        Status.GRANTED: frozenset({Status.REVOKED}),
        Status.REVOKED: frozenset({Status.GRANTED}),
    }

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="delegated_admins")
    partner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.GRANTED)
    granted_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DelegatedAdminQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "partner"],
                condition=Q(status="granted"),
                name="delegatedadmin_once_per_partner",
            ),
        ]

    def __str__(self):
        return f"{self.partner} – {self.customer}"
