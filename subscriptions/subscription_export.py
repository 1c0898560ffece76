"""*Export subscriptions*: the selected rows, those that match the filters, or all."""

from django.utils.translation import gettext as _

from portal.accounts.roles import Kind
from portal.exports import chosen_dialect, csv_response, file_name, moment
from portal.lists import in_order
from portal.selection import MATCHING, SELECTED
from subscriptions.selection import Selection
from subscriptions.tables import SubscriptionTable

AT_ONCE = 2000  # rows that are fetched together
NEEDED = (
    "name",
    "nickname",
    "quantity",
    "status",
    "term",
    "started_on",
    "ends_on",
    "auto_renew",
    "created_at",
    "provider__name",
    "customer__company_name",
    "reseller_of_record__mpn_id",
    "reseller_of_record__organization__name",
    "support_contact__name",
)


class SubscriptionExport:
    """What the query ``data`` asks to export; see ``Selection``."""

    def __init__(self, membership, data):
        self.membership, self.data = membership, data
        self.selection = Selection(membership, data)
        self.is_provider = membership.organization.kind == Kind.PROVIDER

    @property
    def is_empty_selection(self):
        """Whether rows should have been selected, and none of them is here."""
        return self.selection.scope == SELECTED and not self.selection.rows().exists()

    def response(self):
        """The file."""
        return csv_response(
            map(self._cells, self._rows()),
            header=self._header(),
            dialect=chosen_dialect(self.data.get("format", "")),
            name=file_name(self.membership.organization.slug, "subscriptions", *self._words()),
        )

    def _rows(self):
        named = ("provider", "customer", "reseller_of_record__organization", "support_contact")
        rows = self.selection.rows().select_related(*named).only(*NEEDED)
        ordered = in_order(rows, SubscriptionTable, self.data.get("sort", ""))
        return ordered.iterator(chunk_size=AT_ONCE)

    def _header(self):
        """The documented columns first (domain.md 5), then what people ask for besides."""
        return [
            _("Subscription ID"),
            _("Subscription"),
            _("Quantity"),
            _("Status"),
            _("Reseller"),
            _("MPN ID"),
            _("Designated support contact"),
            _("Customer ID"),
            _("Customer"),
            *([] if self.is_provider else [_("Indirect provider")]),
            _("Nickname"),
            _("Term"),
            _("Started on"),
            _("Renews on"),
            _("Ends on"),
            _("Ordered"),
        ]

    def _cells(self, subscription):
        location = subscription.reseller_of_record
        ends = subscription.ends_on.isoformat() if subscription.ends_on else ""
        renews = subscription.auto_renew and subscription.is_running
        return [
            subscription.reference,
            subscription.name,
            subscription.quantity,
            str(subscription.get_status_display()),
            location.organization.name if location else "",
            location.mpn_id if location else "",
            (subscription.support_contact or subscription.provider).name,
            subscription.customer.reference,
            subscription.customer.company_name,
            *([] if self.is_provider else [subscription.provider.name]),
            subscription.nickname,
            str(subscription.get_term_display()),
            subscription.started_on.isoformat() if subscription.started_on else "",
            ends if renews else "",
            "" if renews else ends,
            moment(subscription.created_at),
        ]

    def _words(self):
        """What the file's name says about its rows."""
        if self.selection.scope != MATCHING:
            return [self.selection.scope]
        filters = self.selection.filters
        filters.is_valid()
        return [value for value in filters.cleaned_data.values() if value][:3]
