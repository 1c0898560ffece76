"""How a customer organization stands with the companies that ask it for a relationship."""

from typing import NamedTuple

from customers.models import Customer, DelegatedAdmin, RelationshipRequest


class Standing(NamedTuple):
    """What is so between the provider of ``request`` and one organization, before it answers.

    ``customer`` is the provider's account of that organization, if it ever had one; ``granted``
    the ids of the partners that hold delegated admin privileges there, where it is active.
    """

    request: RelationshipRequest
    customer: Customer | None
    granted: frozenset

    @classmethod
    def of(cls, request, organization_id):
        """As the present scope sees it: the customer's own, or the provider's."""
        known = Customer.objects.filter(provider=request.provider_id, organization=organization_id)
        customer = known.with_parties().first()
        rights = DelegatedAdmin.objects.granted().filter(
            customer=customer, customer__status=Customer.Status.ACTIVE
        )
        return cls(request, customer, frozenset(rights.values_list("partner_id", flat=True)))

    @property
    def is_new(self):
        return self.customer is None

    @property
    def is_current(self):
        return not self.is_new and self.customer.status == Customer.Status.ACTIVE

    @property
    def has_ended(self):
        return not self.is_new and not self.is_current

    @property
    def gets_reseller(self):
        """Whether accepting gives a customer of today another reseller, or its first."""
        asked = self.request.reseller_id
        return bool(self.is_current and asked and self.customer.reseller_id != asked)

    @property
    def leaving(self):
        """The reseller that accepting would replace, or None."""
        return self.customer.reseller if self.gets_reseller else None

    @property
    def needs_agreement(self):
        return self.is_new or not self.customer.may_buy

    @property
    def asking_for_admin(self):
        """The companies that ask for delegated admin privileges and don't have them."""
        asking = self.request.asking if self.request.wants_delegated_admin else []
        return [company for company in asking if company.pk not in self.granted]

    @property
    def changes_nothing(self):
        """Whether there is nothing left to accept."""
        settled = self.is_current and not self.gets_reseller and not self.needs_agreement
        return settled and not self.asking_for_admin

    @property
    def fingerprint(self):
        """Changes with everything that a person who answers has been told."""
        if self.is_new:
            return "new"
        now = self.customer
        facts = (now.pk, now.status, now.reseller_id, now.agreement, *sorted(self.granted))
        return ".".join(map(str, facts))
