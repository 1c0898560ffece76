"""What the end of a partnership leaves as it is: each kind counted, and the first of them named."""

from typing import NamedTuple

from django.utils.functional import cached_property

from partners.figures import rows_between
from portal.accounts.roles import Kind, Permission
from portal.links import reverse

NAMED = 50  # rows of each kind; the others are one link away


class Row(NamedTuple):
    """One row that stays, with the address of its page where the reader may open one."""

    words: str
    about: str = ""
    url: str = ""


class Staying:
    """The rows of one kind: how many, the first of them, and the address of the whole list."""

    def __init__(self, rows, describe, url=""):
        self.rows, self.describe, self.url = rows, describe, url

    @cached_property
    def count(self):
        return self.rows.count()

    @property
    def first(self):
        return [self.describe(row) for row in self.rows[:NAMED]]

    @property
    def further(self):
        return max(self.count - NAMED, 0)


class Consequences:
    """What stays when ``partnership`` ends, as ``membership`` may see it."""

    def __init__(self, partnership, membership):
        self.membership = membership
        self.is_provider = membership.organization.kind == Kind.PROVIDER
        self.rows = rows_between(partnership, membership)
        partner = partnership.reference if self.is_provider else partnership.provider_reference
        side = "reseller" if self.is_provider else "provider"
        self.partner, self.reseller = partner, partnership.reference
        self.customer_list = self._url("customers:customer_list", **{side: partner})
        # A customer may have a grant left whom another reseller looks after by now.
        granted = {"partner": partner, "state": "granted"}
        self.granted_list = self._url("customers:grant_list", **granted)

    @property
    def customers(self):
        return Staying(self.rows["customers"], self._customer, self.customer_list)

    def these(self, customers):
        """Some customers, drawn like the others; ``customers`` is a queryset."""
        return Staying(customers.order_by("name_key", "pk"), self._customer)

    @property
    def grants(self):
        rows = self.rows["grants"].select_related("customer").order_by("customer__name_key", "pk")
        return Staying(rows, lambda right: self._customer(right.customer), self.granted_list)

    @property
    def of_record(self):
        rows = self.rows["of_record"].select_related("customer")
        return Staying(rows, self._subscription, self._subscriptions("reseller"))

    @property
    def supported(self):
        rows = self.rows["supported"].select_related("customer")
        return Staying(rows, self._subscription, self._subscriptions("support"))

    @property
    def open_orders(self):
        return Staying(self.rows["open_orders"].select_related("customer"), self._order)

    def _subscriptions(self, filtered_by):
        """The list of subscriptions, filtered to those that name the reseller so."""
        query = {"status": "running", filtered_by: self.reseller}
        if not self.is_provider:
            query["provider"] = self.partner
        return self._url("subscriptions:subscription_list", **query)

    def _customer(self, customer):
        url = self._url("customers:customer_account", customer.pk)
        return Row(customer.company_name, customer.domain, url)

    def _subscription(self, subscription):
        url = self._url("subscriptions:subscription_detail", subscription.pk)
        return Row(subscription.name, subscription.customer.company_name, url)

    def _order(self, order):
        may_open = self.membership.can(Permission.ADD_CUSTOMER)
        url = self._url("subscriptions:order_detail", order.pk) if may_open else ""
        return Row(order.reference, order.customer.company_name, url)

    def _url(self, name, *args, **query):
        return reverse(name, *args, organization=self.membership.organization, **query)
