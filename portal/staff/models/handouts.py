from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, Organization


class HandoutQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Those of one's own organization."""
        return self.filter(organization=membership.organization_id)


class Handout(models.Model):
    """A member's temporary password that waits to be shown, once, to one colleague.

    The password itself does not exist yet: it is made when it is shown, and this row goes.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    membership = models.OneToOneField(Membership, models.CASCADE, related_name="handout")
    shown_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now=True)

    objects = HandoutQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("handout"), _("handouts")

    def __str__(self):
        return str(self.membership)

    @property
    def tenants(self):
        return [self.organization_id]
