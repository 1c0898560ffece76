"""Which customers an action is about: the selected ones, those that match the filters, or all."""

from functools import partial
from hashlib import sha256

from customers.list_filters import CustomerFilter
from customers.models import Customer
from portal.queries import kept
from portal.references import decode_all

SELECTED, MATCHING, ALL = "selected", "matching", "all"
NOT_KEPT = {"scope", "selected", "format", "to", "after", "before", "open", "new"}

# The part of a QueryDict that says which list it is: its filters and order.
kept_query = partial(kept, without=NOT_KEPT)


class Selection:
    """What the query ``data`` names of the customers ``membership`` sees.

    ``scope`` is one of the three above; without one it is ``selected`` where customers are named
    (``selected=C-…``), else what matches. The filters are the list's own.
    """

    def __init__(self, membership, data):
        self.filters = CustomerFilter(data, membership=membership)
        self.named = decode_all("C", data.getlist("selected"))
        default = SELECTED if "selected" in data else MATCHING
        scope = data.get("scope", "")
        self.scope = scope if scope in (SELECTED, MATCHING, ALL) else default
        self.visible = Customer.objects.visible_to(membership)

    def customers(self):
        """The rows; ids of others are as if they were not there."""
        if self.scope == SELECTED:
            return self.visible.filter(pk__in=self.named)
        return self.visible.active() if self.scope == ALL else self.filters.apply(self.visible)


def fingerprint(verdicts):
    """Changes with what somebody has been told about the customers they are about to move."""
    told = ((customer.pk, customer.reseller_id, reason) for customer, reason in verdicts)
    return sha256(repr(sorted(told, key=lambda fact: fact[0])).encode()).hexdigest()
