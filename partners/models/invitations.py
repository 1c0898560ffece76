"""What every invitation has in common: a personal link, a letter that carries it, an answer."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal import tokens
from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle
from portal.personal_links import PersonalLink, PersonalLinkQuerySet, new_nonce

__all__ = ["Invitation", "InvitationQuerySet", "default_expiry", "holding", "new_nonce"]


def holding(actor, token):
    """``actor`` (of ``portal.scope``) with this link in hand, as the database knows it."""
    return actor._replace(invitation=tokens.digest(token))


def default_expiry():
    return now() + timedelta(days=settings.INVITATION_DAYS)


class InvitationQuerySet(PersonalLinkQuerySet):
    def open(self):
        """Waiting for an answer; what has run out is not, whether or not anybody noticed."""
        return self.filter(status=Invitation.Status.SENT, expires_at__gt=now())

    def pending(self):
        """Drafted or sent and never answered, run out or not."""
        return self.filter(status__in=[Invitation.Status.DRAFT, Invitation.Status.SENT])

    def run_out(self):
        """Sent, never answered, and past its last moment: to be marked as expired."""
        return self.filter(status=Invitation.Status.SENT, expires_at__lte=now())

    def for_list(self):
        """Joined with who asked, without the texts."""
        return self.select_related("created_by").defer("body", "subject")


class Invitation(PersonalLink, Lifecycle):
    """A provider asks somebody, whoever that will turn out to be, for a yes or a no."""

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

    REMINDER_PAUSE = timedelta(days=3)  # at least, between one reminder and the next
    PURPOSE = "invitation"

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    # One press of the button, one draft: a second press finds the first one's.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    recipient = models.EmailField(_("recipient"), blank=True)
    note = models.CharField(_("personal note"), max_length=300, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    # Holds marks where the link and its last day belong: see ``partners.wording``.
    body = models.TextField(_("email text"), max_length=5000)
    route = models.CharField(max_length=10, choices=Route, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # When the present link went out: a resend and an extension count anew.
    sent_at = models.DateTimeField(null=True, blank=True)
    # A hint, never a state: it may have been a mail scanner.
    opened_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(default=default_expiry)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decline_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def is_pending(self):
        return self.status in {self.Status.DRAFT, self.Status.SENT}

    @property
    def is_answerable(self):
        """Whether the link can still be accepted or declined, at this very moment."""
        return self.is_pending and not self.has_expired

    @property
    def next_reminder_at(self):
        """The moment from which people may remind again; None when that is now."""
        moment = self.reminded_at and self.reminded_at + self.REMINDER_PAUSE
        return moment if moment and moment > now() else None

    @property
    def state(self):
        """The status as people should read it: what has run out says so at once."""
        return self.Status.EXPIRED if self.is_pending and self.has_expired else self.status

    @property
    def state_words(self):
        return self.Status(self.state).label
