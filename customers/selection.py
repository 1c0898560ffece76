"""Which customers an action is about."""

from customers.list_filters import CustomerFilter
from customers.models import Customer
from portal import selection


class Selection(selection.Selection):
    """Of the customers ``membership`` sees; the filters are the list's own."""

    SERIES = "C"

    def __init__(self, membership, data):
        super().__init__(membership, data)
        self.filters = CustomerFilter(data, membership=membership)

    def visible(self):
        return Customer.objects.visible_to(self.membership)

    def matching(self):
        return self.filters.apply(self.visible())

    def all(self):
        return self.visible().active()
