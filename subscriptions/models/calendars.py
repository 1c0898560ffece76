import hashlib

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """A person's own, in this organization: nobody else needs to know."""
        return self.filter(organization=membership.organization_id, user=membership.user_id)

    def for_token(self, token):
        """The one with this secret, for whoever holds it."""
        return self.filter(token_hash=CalendarFeed.digest(token))


class CalendarFeed(models.Model):
    """The secret address under which one person's calendar reads renewals.

    Only the hash of the secret is kept. What it shows is decided when it is read, by what the
    person may see then.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=now)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name, verbose_name_plural = _("calendar feed"), _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="calendarfeed_one_per_person"
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.organization}"

    @staticmethod
    def digest(token):
        """What the database knows of a secret."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def tenants(self):
        return [self.organization_id]
