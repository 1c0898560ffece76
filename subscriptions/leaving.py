"""*Remove reseller relationship*: what stands in the way, and what the end means. (domain.md 2.12)

Both are looked up in the scope of the provider, to which all of it belongs.
"""

from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.timezone import now

from customers.models import DelegatedAdmin, RelationshipRequest
from portal.accounts.models import Membership
from subscriptions.models import Order, Subscription

RUNNING = (Subscription.Status.PENDING, Subscription.Status.ACTIVE)
OPEN = (Order.Status.WAITING, Order.Status.PLACED, Order.Status.FAILED)
NAMED = 50  # rows of each kind; the others are one link away


class Obstacles:
    """What must be settled before the relationship with ``customer`` can end, each a queryset."""

    def __init__(self, customer):
        self.customer = customer

    @property
    def subscriptions(self):
        """To be suspended; one that is still being set up ends with its order."""
        found = Subscription.objects.filter(customer=self.customer, status__in=RUNNING)
        return found.order_by("created_at", "pk")

    @property
    def orders(self):
        found = Order.objects.filter(customer=self.customer, status__in=OPEN)
        return found.order_by("placed_at", "pk")

    @property
    def requests(self):
        """The provider's drafts and open requests to people of the customer.

        Accepted, they would begin the relationship anew. What a reseller asks is its own to end.
        """
        found = RelationshipRequest.objects.filter(asked_by=self.customer.provider_id)
        unanswered = [RelationshipRequest.Status.DRAFT, RelationshipRequest.Status.SENT]
        found = found.filter(status__in=unanswered, expires_at__gt=now())
        named = found.annotate(address=Lower("recipient")).filter(address__in=self._addresses)
        return named.order_by("created_at", "pk")

    def __bool__(self):
        return any(found.exists() for found in (self.subscriptions, self.orders, self.requests))

    @cached_property
    def counts(self):
        """Whole numbers by name."""
        names = ("subscriptions", "orders", "requests")
        return {name: getattr(self, name).count() for name in names}

    @property
    def shown(self):
        """The first of each kind, by name."""
        return {name: list(getattr(self, name)[:NAMED]) for name in self.counts}

    @cached_property
    def _addresses(self):
        people = Membership.objects.filter(organization=self.customer.organization_id)
        known = [self.customer.email, self.customer.agreement_email]
        known += people.values_list("user__email", flat=True)
        return {address.lower() for address in known if address}


class Leaving:
    """What ends with the relationship, in numbers."""

    def __init__(self, customer):
        self.customer = customer
        self.own = Subscription.objects.filter(customer=customer)

    @property
    def granted(self):
        """The companies that lose their delegated admin privileges."""
        rights = DelegatedAdmin.objects.granted().filter(customer=self.customer)
        return [right.partner for right in rights.select_related("partner").order_by("pk")]

    @property
    def suspended(self):
        return self.own.filter(status=Subscription.Status.SUSPENDED).count()

    @property
    def supported(self):
        """Subscriptions of which the provider or a reseller is the support contact."""
        over = (Subscription.Status.CANCELLED, Subscription.Status.DELETED)
        return self.own.exclude(status__in=over).count()

    @property
    def users(self):
        return Membership.objects.filter(organization=self.customer.organization_id).count()
