from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.companies import MPN_ID, country_name
from partners.models.requests import PartnershipRequest
from portal.accounts.models import Organization
from portal.addresses import address_layout, address_lines
from portal.lifecycle import Lifecycle


class EnrolmentQuerySet(models.QuerySet):
    def of_applicant(self, user):
        """Whoever fills it in is the only one to see it; operators review it in Django admin."""
        return self.filter(applicant=user)

    def under_way(self):
        """Not decided yet."""
        return self.filter(status__in=[Enrolment.Status.DRAFT, Enrolment.Status.SUBMITTED])


class Enrolment(Lifecycle):
    """A company on its way to become an indirect reseller: filled in, submitted, decided.

    It belongs to a person, not to an organization: there is none before the approval.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being filled in")
        SUBMITTED = "submitted", _("In review")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    TRANSITIONS = {
        Status.DRAFT: frozenset({Status.SUBMITTED}),
        # The operator may hand it back with a reason, to be corrected.
        Status.SUBMITTED: frozenset({Status.DRAFT, Status.APPROVED, Status.REJECTED}),
    }

    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    # The invitation that led here; the answer to it waits until the company is enrolled.
    request = models.ForeignKey(
        PartnershipRequest, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # What came of it.
    company = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )

    # Company
    name = models.CharField(_("legal company name"), max_length=200, blank=True)
    country = models.CharField(_("country/region"), max_length=2, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("ZIP/postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.CharField(_("state/province"), max_length=100, blank=True)
    website = models.URLField(_("website"), blank=True)

    # Primary contact
    first_name = models.CharField(_("first name"), max_length=50, blank=True)
    last_name = models.CharField(_("last name"), max_length=50, blank=True)
    email = models.EmailField(_("work email address"), blank=True)
    phone = models.CharField(_("phone number"), max_length=30, blank=True)
    # Proof that the address is theirs: a code sent there, of which only the hash is kept.
    code_hash = models.CharField(max_length=128, blank=True, editable=False)
    code_until = models.DateTimeField(null=True, blank=True, editable=False)
    code_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)

    # Identifiers
    mpn_id = models.CharField(_("location MPN ID"), max_length=8, blank=True, validators=[MPN_ID])
    global_mpn_id = models.CharField(
        _("global MPN ID"), max_length=8, blank=True, validators=[MPN_ID]
    )

    # Partner agreement, accepted by the applicant as the company's first global admin
    agreement_version = models.CharField(max_length=20, blank=True)
    agreement_accepted_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("enrolment"), _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"],
                condition=Q(status__in=["draft", "submitted"]),
                name="enrolment_one_under_way_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(company__isnull=False),
                name="enrolment_approved_has_a_company",
            ),
        ]

    def __str__(self):
        return self.name or str(self.applicant)

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def has_person(self):
        """Whether the primary contact is known and the address proven to be theirs."""
        return bool(self.first_name and self.last_name and self.email_confirmed_at)

    @property
    def has_company(self):
        place = {"city": self.city, "postal_code": self.postal_code, "state": self.state}
        missing = [name for name in address_layout(self.country).required if not place[name]]
        return bool(self.name and self.country and self.address and not missing)

    @property
    def has_identifiers(self):
        return bool(self.mpn_id)

    @property
    def is_complete(self):
        """Whether it can be submitted; the agreement may be accepted later."""
        return self.has_person and self.has_company and self.has_identifiers

    @property
    def contact(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def country_name(self):
        return country_name(self.country)

    @property
    def address_lines(self):
        """The address as its country writes it."""
        place = {"city": self.city, "postal_code": self.postal_code, "state": self.state}
        return address_lines(self.country, self.address, **place)

    @property
    def tenants(self):
        """Nobody's activity log before there is a company."""
        return [self.company_id] if self.company_id else []
