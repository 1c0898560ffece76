import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from partners import tokens
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.lifecycle import Lifecycle
from portal.references import encode

# The column a company finds itself in, by the side of the relationship it is on.
SIDES = {Kind.PROVIDER: "provider", Kind.RESELLER: "reseller"}


class TwoSidedQuerySet(models.QuerySet):
    """Rows between a provider and a reseller; both see them, customers have none."""

    def visible_to(self, membership):
        side = SIDES.get(membership.organization.kind)
        return self.filter(**{side: membership.organization_id}) if side else self.none()


def new_nonce():
    return secrets.token_urlsafe(16)


def default_expiry():
    return now() + timedelta(days=settings.INVITATION_DAYS)


class PartnershipRequestQuerySet(TwoSidedQuerySet):
    def for_token(self, token):
        """The request an invitation link points at, in whatever state it is."""
        return self.filter(token_hash=tokens.digest(token))

    def open(self):
        """Waiting for an answer; what has run out is not, whether or not anybody noticed."""
        return self.filter(status=PartnershipRequest.Status.SENT, expires_at__gt=now())

    def pending(self):
        """Drafted or sent and never answered, run out or not."""
        waiting = [PartnershipRequest.Status.DRAFT, PartnershipRequest.Status.SENT]
        return self.filter(status__in=waiting)

    def for_list(self):
        """Joined with who asked, without the texts."""
        return self.select_related("created_by").defer("body", "subject")


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
    # One press of the button, one draft: a second press finds the first one's.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    nonce = models.CharField(max_length=24, unique=True, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    recipient = models.EmailField(_("reseller's email address"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    # Holds a mark where the link belongs: see ``partners.wording``.
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
        return self.is_pending and not self.has_expired

    @property
    def is_pending(self):
        return self.status in {self.Status.DRAFT, self.Status.SENT}

    @property
    def state(self):
        """The status as people should read it: what has run out says so at once."""
        return self.Status.EXPIRED if self.is_pending and self.has_expired else self.status

    @property
    def state_words(self):
        return self.Status(self.state).label

    @property
    def delivery_key(self):
        """What the outbox calls the mail that carries this request."""
        return f"partnershiprequest:{self.pk}:sent"
