from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.accounts.roles import Role
from portal.lifecycle import Lifecycle
from portal.personal_links import PersonalLink, PersonalLinkQuerySet
from portal.references import encode

LONGEST_EMAIL = 150  # it may become the account name
KEPT = timedelta(days=30)  # so long the list shows what ran out


def last_moment():
    """Until when a link works that is made now."""
    return now() + timedelta(days=settings.STAFF_INVITATION_DAYS)


class InvitationQuerySet(PersonalLinkQuerySet):
    """Of any Invitation; each kind says whose it is with ``visible_to``."""

    def open(self):
        """Waiting for an answer; what has run out is not, whether or not anybody noticed."""
        return self.filter(status=Invitation.Status.SENT, expires_at__gt=now())

    def waiting(self):
        """What staff can still do something about: open, or run out not long ago."""
        return self.filter(status__in=["sent", "expired"], expires_at__gt=now() - KEPT)

    def run_out(self):
        """Never answered, and past its last moment: to be marked as expired."""
        return self.filter(status=Invitation.Status.SENT, expires_at__lte=now())

    def to(self, email):
        return self.filter(email__iexact=email)


class Invitation(PersonalLink, Lifecycle):
    """Somebody is asked by mail to come in and to choose their own password."""

    class Status(models.TextChoices):
        SENT = "sent", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    TRANSITIONS = {
        Status.SENT: frozenset({Status.ACCEPTED, Status.WITHDRAWN, Status.EXPIRED}),
        # A new link opens it again.
        Status.EXPIRED: frozenset({Status.SENT, Status.WITHDRAWN}),
    }

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.SENT)
    email = models.EmailField(_("email address"), max_length=LONGEST_EMAIL)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(default=now)  # when the present link went out
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(default=last_moment)

    class Meta:
        abstract = True

    @property
    def tenants(self):
        return [self.organization_id]

    @property
    def is_answerable(self):
        """Whether the link can still be accepted, at this very moment."""
        return self.status == self.Status.SENT and not self.has_expired

    @property
    def state(self):
        """The status as people should read it: what has run out says so at once."""
        late = self.status == self.Status.SENT and self.has_expired
        return self.Status.EXPIRED if late else self.status

    @property
    def state_words(self):
        return self.Status(self.state).label

    @property
    def delivery_key(self):
        """The name of the mail with the present link; see ``portal.outbox``."""
        return f"{self._meta.model_name}:{self.pk}:{self.sent_at.isoformat()}"


class UserInvitationQuerySet(InvitationQuerySet):
    def visible_to(self, membership):
        """Those of one's own organization."""
        return self.filter(organization=membership.organization_id)


class UserInvitation(Invitation):
    """An organization asks somebody to join it with certain roles."""

    PURPOSE = "staff"

    first_name = models.CharField(_("first name"), max_length=50)
    last_name = models.CharField(_("last name"), max_length=50)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    # Whether colleagues have seen the link: then it no longer proves that its bearer reads the
    # mail of that address.
    copied_at = models.DateTimeField(null=True, blank=True)

    objects = UserInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name, verbose_name_plural = _("user invitation"), _("user invitations")
        indexes = [
            models.Index(fields=["organization", "-sent_at", "-id"], name="invited_users"),
            models.Index(
                fields=["expires_at"], name="invited_running_out", condition=Q(status="sent")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(status="sent"),
                name="invited_once_per_organization",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=list(Role.values)), name="invited_roles_known"
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def held_roles(self):
        return [Role(role) for role in self.roles]

    @property
    def role_names(self):
        return [role.label for role in self.held_roles]

    @property
    def reference(self):
        """What people call it: ``J-7K3QX2``."""
        return encode("J", self.pk)
