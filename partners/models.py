import secrets
from datetime import timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from partners import tokens
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.references import encode
from portal.text import fold


class PartnerProfile(models.Model):
    """What a partner company tells about itself, and whether it may do business.

    Readable by every partner: providers must see whether a reseller's agreement is signed.
    """

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="partner")
    name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    phone = models.CharField(_("phone number"), max_length=30, blank=True)
    email = models.EmailField(_("contact email address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    enrolled_at = models.DateTimeField(default=now)
    agreement_version = models.CharField(max_length=20, blank=True)
    agreement_signed_at = models.DateTimeField(null=True, blank=True)
    agreement_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    listed = models.BooleanField(_("on the official providers list"), default=True)
    resellers_manage_subscriptions = models.BooleanField(
        _("resellers may manage delegated subscriptions"), default=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreement_signed_at__isnull=True) | ~Q(agreement_version=""),
                name="profile_signed_agreement_has_a_version",
            ),
        ]

    def __str__(self):
        return str(self.organization)

    def save(self, *args, **kwargs):
        self.name_key = fold(self.organization.name)
        super().save(*args, **kwargs)

    @property
    def tenants(self):
        return [self.organization_id]

    @property
    def agreement_signed(self):
        return self.agreement_signed_at is not None


class MpnAccount(models.Model):
    """An MPN ID. Business is done with location IDs; a global one only holds them together."""

    class Type(models.TextChoices):
        GLOBAL = "global", _("Global account")
        LOCATION = "location", _("Partner Location Account")

    mpn_id = models.CharField(
        _("MPN ID"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"\A[0-9]{5,8}\Z", _("An MPN ID has 5 to 8 digits."))],
    )
    type = models.CharField(max_length=10, choices=Type, default=Type.LOCATION)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="mpn_accounts")
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)

    class Meta:
        verbose_name = _("MPN ID")

    def __str__(self):
        return self.mpn_id


def new_nonce():
    return secrets.token_urlsafe(16)


def default_expiry():
    return now() + timedelta(days=settings.INVITATION_DAYS)


class PartnershipRequestQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """The provider that asks, and the reseller that answered."""
        mine = Q(provider=membership.organization_id) | Q(reseller=membership.organization_id)
        return self.filter(mine)

    def for_token(self, token):
        """The request an invitation link points at, in whatever state it is."""
        return self.filter(token_hash=tokens.digest(token))

    def open(self):
        """Waiting for an answer; what has run out is not, whether or not anybody noticed."""
        return self.filter(status=PartnershipRequest.Status.SENT, expires_at__gt=now())


class PartnershipRequest(Lifecycle):
    """An invitation: one provider asks one reseller, whoever that will turn out to be."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    TRANSITIONS = {
        # A link that was copied works even if nobody pressed Done.
        Status.DRAFT: frozenset({Status.SENT, Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN}),
        Status.SENT: frozenset(
            {Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED}
        ),
    }

    class Route(models.TextChoices):
        PORTAL = "portal", _("Sent from the portal")
        BY_HAND = "by_hand", _("Sent by hand")

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    nonce = models.CharField(max_length=24, unique=True, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    recipient = models.EmailField(_("reseller's email address"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("email text"), max_length=5000)
    route = models.CharField(max_length=10, choices=Route, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(default=default_expiry)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decline_reason = models.CharField(max_length=500, blank=True)

    objects = PartnershipRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["provider", "status", "expires_at", "id"], name="request_pending"),
            models.Index(fields=["reseller"], name="request_reseller"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(reseller__isnull=False, answered_at__isnull=False),
                name="request_accepted_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(provider=F("reseller")), name="request_not_to_oneself"
            ),
        ]

    def __str__(self):
        return _("Partnership request %s") % self.reference

    def save(self, *args, **kwargs):
        if not self.token_hash:
            self.token_hash = tokens.digest(tokens.make(self.nonce))
        super().save(*args, **kwargs)

    @property
    def reference(self):
        return encode("P", self.pk)

    @property
    def tenants(self):
        return [pk for pk in (self.provider_id, self.reseller_id) if pk]

    @property
    def token(self):
        """The secret in the link. It is derived, so the database alone cannot forge one."""
        return tokens.find(self.nonce, self.token_hash)

    @property
    def has_expired(self):
        return self.expires_at <= now()

    @property
    def is_answerable(self):
        """Whether the link can still be accepted or declined, at this very moment."""
        return self.status in {self.Status.DRAFT, self.Status.SENT} and not self.has_expired


class PartnershipQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Both sides of a partnership see it; nobody else does."""
        organization = membership.organization_id
        return self.filter(Q(provider=organization) | Q(reseller=organization))

    def active(self):
        return self.filter(status=Partnership.Status.ACTIVE)

    def with_partners(self):
        """Joined with both companies and the reseller's location."""
        return self.select_related("provider", "reseller__partner", "location")


class Partnership(Lifecycle):
    """Two companies that serve the same customers."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        REMOVED = "removed", _("Removed")

    TRANSITIONS = {Status.ACTIVE: frozenset({Status.REMOVED})}

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
    statement_version = models.CharField(max_length=20, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["reseller_name_key", "pk"]
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
        self.reseller_name_key = fold(self.reseller.name)
        super().save(*args, **kwargs)

    @property
    def reference(self):
        """The reseller's, so that it stays the same when a partnership starts anew."""
        return encode("R", self.reseller_id)

    @property
    def tenants(self):
        return [self.provider_id, self.reseller_id]
