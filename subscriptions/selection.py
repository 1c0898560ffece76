"""Which subscriptions an action is about, and the menu of what can be done with them."""

from functools import partial

from portal import selection
from portal.exports import Dialect
from portal.links import reverse
from portal.selection import ALL, MATCHING, kept_query
from subscriptions.filters import SubscriptionFilter
from subscriptions.models import Subscription


class Selection(selection.Selection):
    """Of the subscriptions ``membership`` sees; the filters are the list's own."""

    SERIES = "S"

    def __init__(self, membership, data):
        super().__init__(membership, data)
        self.filters = SubscriptionFilter(data, membership=membership)

    def visible(self):
        return Subscription.objects.visible_to(self.membership)

    def matching(self):
        return self.filters.apply(self.visible())


def menu(request, *, matching, everything):
    """What the bar above the rows needs; the two are numbers of rows."""
    organization, query = request.membership.organization, kept_query(request.GET)
    address = partial(reverse, "subscriptions:subscription_export", organization=organization)
    change = partial(reverse, "subscriptions:subscriptions_change", organization=organization)
    return {
        "url": address(),
        "kept": [(key, value) for key, values in query.items() for value in values],
        "matching": matching,
        "all": everything,
        "dialects": [
            {
                "name": dialect.value,
                "label": dialect.label,
                "matching_url": address(**query, scope=MATCHING, format=dialect.value),
                "all_url": address(**query, scope=ALL, format=dialect.value),
            }
            for dialect in Dialect
        ],
        "change_url": change(),
        "change_all_url": change(**query, scope=MATCHING),
    }
