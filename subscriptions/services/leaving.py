"""The end of the relationship with a customer, once nothing stands in its way."""

from django.db import transaction

from customers.models import Customer
from customers.services import remove_customer
from subscriptions.leaving import Obstacles
from subscriptions.models import Order, Subscription


class LeavingRefused(Exception):
    """Something stands in the way; ``obstacles`` knows what."""

    def __init__(self, obstacles):
        self.obstacles = obstacles
        super().__init__(str(obstacles.counts))


@transaction.atomic
def end_relationship(customer, *, actor, statement_version):
    """Remove the reseller relationship with ``customer``, exactly once.

    ``actor`` is a member of the provider. Returns the customer; raises LeavingRefused while
    Obstacles has something, InvalidTransition when it has ended already.
    """
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    for model in (Order, Subscription):  # whoever changes one of them holds its row
        rows = model.objects.filter(customer=locked).order_by("pk")
        list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    obstacles = Obstacles(locked)
    if locked.is_active and obstacles:
        raise LeavingRefused(obstacles)
    return remove_customer(locked, actor=actor, statement_version=statement_version)
