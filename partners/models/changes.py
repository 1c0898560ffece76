from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.lifecycle import Lifecycle


class ProfileChangeQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """A company sees what it asked for itself."""
        return self.filter(organization=membership.organization_id)

    def open(self):
        return self.filter(status=ProfileChange.Status.OPEN)


class ProfileChange(Lifecycle):
    """A partner asks its representative, the operator, to change a fact about the company."""

    class Status(models.TextChoices):
        OPEN = "open", _("Asked")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")

    TRANSITIONS = {Status.OPEN: frozenset({Status.DONE, Status.DECLINED})}

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    text = models.TextField(_("what should change"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ProfileChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name, verbose_name_plural = _("profile change"), _("profile changes")

    def __str__(self):
        return f"{self.organization}: {self.text[:60]}"

    @property
    def tenants(self):
        return [self.organization_id]
