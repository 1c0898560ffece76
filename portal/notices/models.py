import uuid
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _

from portal.notices.kinds import KINDS


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Everybody in an organization reads what it was told."""
        return self.filter(organization=membership.organization_id)

    def recent(self):
        """Of the last days, newest first; what a retired kind told has no words any more."""
        return self.filter(kind__in=KINDS, at__gt=now() - Notice.LIFE).order_by("-at", "-pk")


class Notice(models.Model):
    """One thing an organization was told: a line on Home, and the mails that go with it.

    ``facts`` are what was true at that moment and what its words need. Those named ``…_at`` are
    moments, those named ``…_path`` pages of the portal; the others are names and other text.
    """

    LIFE = timedelta(days=30)

    # Made of what it says to whom, so that nothing is told twice.
    id = models.UUIDField(primary_key=True, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=100)
    path = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=now)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        indexes = [
            models.Index(fields=["organization", "-at", "-id"], name="notice_by_organization"),
        ]

    def __str__(self):
        return f"{self.kind} {self.about}"

    def save(self, *args, **kwargs):
        self.id = self.id or self.identity(self.organization, self.kind, self.about)
        super().save(*args, **kwargs)

    @staticmethod
    def identity(organization, kind, about):
        """The id of the notice that tells ``organization`` this, whoever asks for it."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"notice/{organization.pk}/{kind}/{about}")

    @property
    def words(self):
        """The line on Home, in the reader's language."""
        return str(KINDS[self.kind].words) % defaultdict(str, self._facts(_day))

    @property
    def moments_and_facts(self):
        """The facts for a letter, with the moments among them as such."""
        return self._facts(lambda moment: moment)

    def _facts(self, shown):
        return {
            name: shown(_moment(value)) if name.endswith("_at") and value else value
            for name, value in self.facts.items()
        }


class MutedTopic(models.Model):
    """A person doesn't want the mails about this."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_topics")
    topic = models.CharField(max_length=40)

    class Meta:
        ordering = ["topic"]
        verbose_name, verbose_name_plural = _("muted topic"), _("muted topics")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="mutedtopic_once_per_person"),
        ]

    def __str__(self):
        return f"{self.user}: {self.topic}"


def _moment(value):
    """As it is before the row was stored, or as JSON has kept it."""
    return parse_datetime(value) if isinstance(value, str) else value


def _day(moment):
    return date_format(localtime(moment), "DATE_FORMAT")
