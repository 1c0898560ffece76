"""*Export customers*: the selected rows, those that match the filters, or all."""

from collections import defaultdict
from itertools import islice

from django.utils.translation import gettext as _

from customers.models import Customer, CustomerTag
from customers.selection import Selection
from partners.models import Partnership
from portal.accounts.roles import Kind
from portal.exports import chosen_dialect, csv_response, file_name, moment
from portal.lists import in_order
from portal.selection import MATCHING, SELECTED

AT_ONCE = 2000  # rows whose figures are asked for together


class CustomerExport:
    """What the query ``data`` asks to export; see ``Selection``. ``table`` is the list's."""

    def __init__(self, membership, data, table):
        self.membership, self.data, self.table = membership, data, table
        self.selection = Selection(membership, data)
        self.is_provider = membership.organization.kind == Kind.PROVIDER

    @property
    def is_empty_selection(self):
        """Whether rows should have been selected, and none of them is here."""
        return self.selection.scope == SELECTED and not self.selection.rows().exists()

    def response(self):
        """The file."""
        return csv_response(
            self._rows(),
            header=self._header(),
            dialect=chosen_dialect(self.data.get("format", "")),
            name=file_name(self.membership.organization.slug, "customers", *self._words()),
        )

    def _header(self):
        """The documented columns first (domain.md 5), then what people ask for besides."""
        partner = [_("Indirect reseller"), _("MPN ID")]
        return [
            _("Customer ID"),
            _("Company name"),
            _("Primary domain name"),
            _("Relationship"),
            *(partner if self.is_provider else [_("Indirect provider")]),
            _("Country/region"),
            _("Customer agreement"),
            *([_("Tags")] if self.is_provider else []),
            _("Subscriptions"),
            _("Licenses"),
            _("Added"),
        ]

    def _rows(self):
        customers = self.selection.rows().with_parties()
        ordered = in_order(customers, self.table, self.data.get("sort", ""))
        numbers = self._mpn_ids() if self.is_provider else {}
        found = ordered.iterator(chunk_size=AT_ONCE)
        while some := list(islice(found, AT_ONCE)):
            figures, tags = Customer.objects.visible_to(self.membership).figures(some), {}
            if self.is_provider:
                tags = self._tags(some)
            for customer in some:
                yield self._cells(customer, figures, tags, numbers)

    def _cells(self, customer, figures, tags, numbers):
        reseller = customer.reseller
        partner = [reseller.name if reseller else "", numbers.get(customer.reseller_id, "")]
        is_active = customer.status == Customer.Status.ACTIVE
        return [
            customer.reference,
            customer.company_name,
            customer.domain,
            _("Cloud Reseller") if is_active else str(customer.get_status_display()),
            *(partner if self.is_provider else [customer.provider.name]),
            customer.country,
            _("Accepted") if customer.may_buy else _("Missing"),
            *([", ".join(tags.get(customer.pk, ()))] if self.is_provider else []),
            *figures.get(customer.pk, (0, 0)),
            moment(customer.created_at),
        ]

    def _mpn_ids(self):
        """The latest MPN ID of each reseller there has ever been a partnership with."""
        found = Partnership.objects.visible_to(self.membership).order_by("started_at", "pk")
        return dict(found.values_list("reseller", "location__mpn_id"))

    def _tags(self, customers):
        found = CustomerTag.objects.visible_to(self.membership)
        tags = defaultdict(list)
        for pk, text in found.filter(customer__in=customers).values_list("customer", "text"):
            tags[pk].append(text)
        return tags

    def _words(self):
        """What the file's name says about its rows."""
        if self.selection.scope != MATCHING:
            return [self.selection.scope]
        values = self.selection.filters.found.values()
        several = (value if isinstance(value, list) else [value] for value in values)
        return [value for some in several for value in some if value][:3]
