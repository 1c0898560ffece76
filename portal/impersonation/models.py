from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class ViewAs(models.Model):
    """An operator sees the portal as somebody else, for a while and for a reason on record."""

    LENGTH = timedelta(minutes=30)

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("operator"), related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200)
    may_write = models.BooleanField(_("changes allowed"), default=False)
    started_at = models.DateTimeField(_("started"), default=now)
    ends_at = models.DateTimeField(_("ends at the latest"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name, verbose_name_plural = _("view as"), _("views as somebody else")
        constraints = [
            models.CheckConstraint(
                condition=~Q(operator=F("person")), name="view_as_somebody_else"
            ),
        ]

    def __str__(self):
        return f"{self.operator} → {self.person}"

    @property
    def tenants(self):
        """Whose logs tell of it: the organizations the person belongs to."""
        return [place.organization_id for place in self.person.memberships.all()]

    @property
    def recorded_as(self):
        return str(self.person)

    @property
    def is_running(self):
        return self.ended_at is None and now() < self.ends_at
