from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models.customers import Customer
from portal.accounts.models import Organization
from portal.text import sort_key


class ProvidersQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """The provider's own business: resellers and customers never see these rows."""
        return self.filter(provider=membership.organization_id)


class CustomerTag(models.Model):
    """A word by which a provider finds customers again; private to it."""

    MOST = 150  # of one customer; domain.md 4.5
    LONGEST = 50  # characters

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tags")
    text = models.CharField(max_length=LONGEST)
    # The same word in other letters is the same tag.
    key = models.CharField(max_length=200, db_collation="C", editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=now)

    objects = ProvidersQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name, verbose_name_plural = _("customer tag"), _("customer tags")
        indexes = [models.Index(fields=["provider", "key", "customer"], name="customertag_by_key")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "key"], name="customertag_once"),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.key = sort_key(self.text)
        super().save(*args, **kwargs)

    @property
    def tenants(self):
        return [self.provider_id]

    @property
    def affected_customer_id(self):
        return self.customer.organization_id
