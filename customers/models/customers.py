from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models.tenants import TenantQuerySet, TenantRow
from portal.accounts.models import Organization
from portal.addresses import address_lines
from portal.countries import countries
from portal.lifecycle import Lifecycle
from portal.references import decode_or_none, encode
from portal.text import fold, sort_key

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
            "created_at",
            "provider__name",
            "reseller__name",
        )

    def with_tags(self, tags):
        """With ``tag_texts``: what those of ``tags`` (a queryset) say that each customer has."""
        mine = tags.filter(customer=models.OuterRef("pk")).order_by("key").values("text")
        return self.annotate(tag_texts=ArraySubquery(mine))

    def figures(self, customers):
        """(subscriptions, licenses) of those of these ``customers`` that have any, by id."""
        subscriptions = self.model.subscriptions.rel.related_model.objects
        lasting = subscriptions.filter(customer__in=[customer.pk for customer in customers])
        lasting = lasting.exclude(status__in=SUBSCRIPTIONS_OVER).order_by().values_list("customer")
        counted = lasting.annotate(subscriptions=Count("pk"), licenses=Sum("quantity"))
        return {pk: numbers for pk, *numbers in counted}

    def matching(self, text):
        """Customers that hold every word of ``text``, wherever it stands: in the name, domain,
        contact's email address, or as the customer ID."""
        found = self
        for word in text.casefold().split():
            plain = fold(word)
            domain = Q(domain__contains=word) | Q(domain__contains=plain)
            contact = Q(email__icontains=word) | Q(pk=decode_or_none("C", word))
            name = Q(*(Q(name_key__contains=part) for part in plain.split()))
            found = found.filter(name | domain | contact)
        return found


class Customer(TenantRow, Lifecycle):
    """One provider's account of one customer organization."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        REMOVED = "removed", _("Removed")

    # What was removed can begin anew, when the customer accepts a request.
    TRANSITIONS = {
        Status.ACTIVE: frozenset({Status.REMOVED}),
        Status.REMOVED: frozenset({Status.ACTIVE}),
    }

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
    city = models.CharField(_("city"), max_length=100, blank=True)
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
    # Which text it was, and who said so when: the customer itself, or its provider for it.
    agreement_version = models.CharField(max_length=20, blank=True)
    agreement_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreement_for = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreement_at = models.DateTimeField(null=True, blank=True)
    # The end of the relationship, while it lasts.
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    statement_version = models.CharField(max_length=20, blank=True)
    # Goes up with every change of the account: see ``change_customer``.
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        verbose_name, verbose_name_plural = _("customer"), _("customers")
        indexes = [
            models.Index(fields=["provider", "name_key", "id"], name="customer_list"),
            models.Index(
                fields=["provider", "reseller", "name_key", "id"], name="customer_list_of_reseller"
            ),
            models.Index(fields=["reseller", "name_key", "id"], name="customer_list_reseller"),
            models.Index(fields=["provider", "created_at", "id"], name="customer_list_by_date"),
            models.Index(
                fields=["provider", "created_by", "name_key", "id"], name="customer_list_added_by"
            ),
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
    def address_lines(self):
        """The address as its country writes it."""
        place = {"city": self.city, "postal_code": self.postal_code, "state": self.state}
        return address_lines(self.country, self.address_line_1, self.address_line_2, **place)

    @property
    def may_buy(self):
        """Without an accepted customer agreement the account exists but orders wait."""
        return self.agreement == self.Agreement.ACCEPTED

    @property
    def is_active(self):
        return self.status == self.Status.ACTIVE

    @property
    def accepted_itself(self):
        """Whether the customer accepted the agreement here, rather than its provider saying so."""
        return bool(self.agreement_for_id) and self.agreement_for_id == self.organization_id
