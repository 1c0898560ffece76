"""Who can be designated support contact of a subscription."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers.models import DelegatedAdmin
from portal.references import encode


class Contacts:
    """The provider itself, and the resellers with a relationship to the customer.

    Related is who looks after the customer or has delegated admin privileges there (``domain.md``
    2.10); whoever lacks the privileges is marked. ``partnerships`` are the provider's active ones.
    The contact of now stays to choose from, whatever has ended.
    """

    def __init__(self, subscription, membership, partnerships):
        self.subscription, self.membership = subscription, membership
        self.partners = {p.reseller_id: p.reseller for p in partnerships}

    @property
    def choices(self):
        """(reference, words) of each; "" is the provider itself."""
        own = _("%(name)s (you)") % {"name": self.subscription.provider.name}
        found = [(reference, self._words(each)) for reference, each in self._companies.items()]
        return [("", own), *found]

    def find(self, reference):
        """The company behind a choice; None for the provider itself."""
        return self._companies.get(reference)

    @cached_property
    def _companies(self):
        customer, now = self.subscription.customer, self.subscription.support_contact
        related = self._administrators | {customer.reseller_id}
        known = [partner for pk, partner in self.partners.items() if pk in related]
        known += [now] if now and now not in known else []
        return {encode("R", company.pk): company for company in known}

    @cached_property
    def _administrators(self):
        grants = DelegatedAdmin.objects.visible_to(self.membership).granted()
        return set(
            grants.filter(customer=self.subscription.customer_id).values_list("partner", flat=True)
        )

    def _words(self, company):
        if company.pk not in self.partners:
            words = _("%(name)s (partnership ended)")
        elif company.pk in self._administrators:
            words = "%(name)s"
        elif company.pk == self.subscription.customer.reseller_id:
            words = _("%(name)s (without delegated admin privileges)")
        else:
            words = _("%(name)s (no relationship with the customer)")
        return words % {"name": company.name}
