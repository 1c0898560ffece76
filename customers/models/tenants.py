from django.db import models

from portal.accounts.models import Organization
from portal.accounts.roles import Kind


class TenantQuerySet(models.QuerySet):
    """Rows about a customer: the provider's, the reseller's who looks after it, its own."""

    COLUMNS = {Kind.PROVIDER: "provider", Kind.RESELLER: "reseller", Kind.CUSTOMER: "organization"}

    def visible_to(self, membership):
        """What the acting organization may see, by the side of the relationship it is on."""
        column = self.COLUMNS[Kind(membership.organization.kind)]
        return self.filter(**{column: membership.organization_id})


class TenantRow(models.Model):
    """The three parties of a row about a customer, repeated on each for the second wall."""

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def tenants(self):
        return [pk for pk in (self.provider_id, self.reseller_id, self.organization_id) if pk]

    @property
    def affected_customer_id(self):
        """Whom the activity log names as affected."""
        return self.organization_id

    @property
    def parties(self):
        """The same three, to be handed to a row that belongs to this one."""
        return {
            "provider_id": self.provider_id,
            "reseller_id": self.reseller_id,
            "organization_id": self.organization_id,
        }
