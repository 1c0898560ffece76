from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.queries import LONGEST
from portal.references import encode


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """One's own in this organization, and what colleagues share."""
        ours = self.filter(organization=membership.organization_id)
        return ours.filter(Q(owner=membership.user_id) | Q(is_shared=True))

    def owned_by(self, membership):
        """Those that this person may change."""
        return self.filter(organization=membership.organization_id, owner=membership.user_id)


class SavedView(models.Model):
    """The filters and the order of a list, kept under a name."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=60)
    # As ``portal.queries.tidy`` writes it.
    query = models.CharField(max_length=LONGEST, blank=True)
    is_shared = models.BooleanField(_("shared"), default=False)
    created_at = models.DateTimeField(default=now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name, verbose_name_plural = _("saved view"), _("saved views")
        indexes = [models.Index(fields=["organization", "list"], name="savedview_of_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "owner", "list", "name"], name="savedview_once_per_name"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def reference(self):
        return encode("V", self.pk)

    @property
    def tenants(self):
        return [self.organization_id]


class StartViewQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """With which view a list begins is everybody's own choice."""
        return self.filter(organization=membership.organization_id, user=membership.user_id)


class StartView(models.Model):
    """The view with which a person's list begins."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list = models.CharField(max_length=20)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="starts")

    objects = StartViewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("start view"), _("start views")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user", "list"], name="startview_one_per_list"
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.view}"
