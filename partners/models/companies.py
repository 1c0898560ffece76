"""Partner companies: what they tell about themselves, and the MPN IDs they do business under."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.addresses import address_lines
from portal.countries import countries
from portal.languages import language_name
from portal.text import sort_key


def region_of(country):
    """The sales region of a country by its two-letter code; empty for an unknown one."""
    known = countries().get(country)
    return known.region if known else ""


def country_name(country):
    """The country in the reader's language; its code when it is unknown."""
    known = countries().get(country)
    return known.name if known else country


MPN_ID = RegexValidator(r"\A[0-9]{5,8}\Z", _("An MPN ID has 5 to 8 digits."))
MOST_DAYS = 90  # that an invitation link may work


def default_days():
    return settings.INVITATION_DAYS


class PartnerProfileQuerySet(models.QuerySet):
    def listed_providers(self):
        """The official providers list, joined with the companies."""
        providers = self.filter(listed=True, organization__kind=Kind.PROVIDER)
        return providers.select_related("organization")


class PartnerProfile(models.Model):
    """What a partner company tells about itself, and whether it may do business.

    Readable by every partner: providers must see whether a reseller's agreement is signed.
    """

    REVIEW_EVERY = timedelta(days=365)

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="partner")
    name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("ZIP/postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.CharField(_("state/province"), max_length=100, blank=True)
    phone = models.CharField(_("phone number"), max_length=30, blank=True)
    email = models.EmailField(_("contact email address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    languages = ArrayField(
        models.CharField(max_length=5), verbose_name=_("languages"), default=list, blank=True
    )
    enrolled_at = models.DateTimeField(default=now)
    # A provider looks over once a year what the official list says about it.
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreement_version = models.CharField(max_length=20, blank=True)
    agreement_signed_at = models.DateTimeField(null=True, blank=True)
    agreement_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    listed = models.BooleanField(_("on the official providers list"), default=True)
    resellers_manage_subscriptions = models.BooleanField(
        _("resellers may manage delegated subscriptions"), default=True
    )
    invitation_days = models.PositiveSmallIntegerField(
        _("days an invitation link works"),
        default=default_days,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    remind_automatically = models.BooleanField(_("remind automatically"), default=False)
    renew_automatically = models.BooleanField(_("ask for renewal automatically"), default=False)

    objects = PartnerProfileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("partner profile"), _("partner profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(agreement_signed_at__isnull=True) | ~Q(agreement_version=""),
                name="profile_signed_agreement_has_a_version",
            ),
        ]

    def __str__(self):
        return str(self.organization)

    def save(self, *args, **kwargs):
        self.name_key = sort_key(self.organization.name)
        super().save(*args, **kwargs)

    @property
    def tenants(self):
        return [self.organization_id]

    @property
    def country_name(self):
        return country_name(self.organization.country)

    @property
    def address_lines(self):
        """The address as its country writes it."""
        place = {"city": self.city, "postal_code": self.postal_code, "state": self.state}
        return address_lines(self.organization.country, self.address, **place)

    @property
    def language_names(self):
        return sorted(language_name(code) for code in self.languages)

    @property
    def review_is_due(self):
        """Whether nobody has looked over what the official list says for a year, or ever."""
        return not self.reviewed_at or self.reviewed_at <= now() - self.REVIEW_EVERY

    @property
    def agreement_signed(self):
        return self.agreement_signed_at is not None


class MpnAccountQuerySet(models.QuerySet):
    def locations(self):
        """The accounts business is done with."""
        return self.filter(type=MpnAccount.Type.LOCATION)


class MpnAccount(models.Model):
    """An MPN ID. Business is done with location IDs; a global one only holds them together."""

    class Type(models.TextChoices):
        GLOBAL = "global", _("Global account")
        LOCATION = "location", _("Partner Location Account")

    mpn_id = models.CharField(
        _("MPN ID"),
        max_length=8,
        unique=True,
        validators=[MPN_ID],
    )
    type = models.CharField(max_length=10, choices=Type, default=Type.LOCATION)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="mpn_accounts")
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)

    objects = MpnAccountQuerySet.as_manager()

    class Meta:
        ordering = ["mpn_id"]
        verbose_name, verbose_name_plural = _("MPN ID"), _("MPN IDs")

    def __str__(self):
        return self.mpn_id

    @property
    def tenants(self):
        return [self.organization_id]

    @property
    def country_name(self):
        return country_name(self.country)
