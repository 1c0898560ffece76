"""*Export indirect resellers*: the selected rows, those that match the filters, or all."""

from functools import partial

from django.utils.translation import gettext as _

from partners.reseller_tabs import ActiveTab
from portal.exports import chosen_dialect, csv_response, file_name, moment
from portal.lists import in_order
from portal.queries import kept
from portal.references import decode_all, encode

SELECTED, MATCHING, ALL = "selected", "matching", "all"
NOT_KEPT = {"scope", "id", "format", "after", "before"}
AT_ONCE = 2000  # rows read from the database at a time

# The part of a QueryDict that says which list it is: its filters and order.
kept_query = partial(kept, without=NOT_KEPT)


class ResellerExport:
    """What the query ``data`` asks to export of the resellers ``membership`` sees.

    ``scope`` is one of the three above, ``id`` the references of the selected rows; filters, sort
    and ``format`` are the list's own. An unknown scope means what matches.
    """

    def __init__(self, membership, data):
        self.data, self.scope = data, data.get("scope", MATCHING)
        self.tab = ActiveTab(membership, data)
        self.slug = membership.organization.slug

    def partnerships(self):
        """The rows, in the order of the list; ids of others are as if they were not there."""
        found = self.tab.everything()
        if self.scope == SELECTED:
            found = found.filter(reseller__in=decode_all("R", self.data.getlist("id")))
        elif self.scope != ALL:
            found = self.tab.filters.apply(found)
        return in_order(found, self.tab.table, self.data.get("sort", ""))

    @property
    def is_empty_selection(self):
        """Whether rows should have been selected, and none of them is here."""
        return self.scope == SELECTED and not self.partnerships().exists()

    def response(self):
        """The file."""
        shown = self.partnerships().list_of_resellers().iterator(chunk_size=AT_ONCE)
        return csv_response(
            map(_cells, shown),
            header=_header(),
            dialect=chosen_dialect(self.data.get("format", "")),
            name=file_name(self.slug, "resellers", *self._filter_words()),
        )

    def _filter_words(self):
        """What the file's name says about its rows."""
        if self.scope in (SELECTED, ALL):
            return [self.scope]
        filters = self.tab.filters
        filters.is_valid()
        return [value for value in filters.cleaned_data.values() if value]


def _header():
    return [
        _("Indirect reseller"),
        _("MPN ID"),
        _("Partner ID"),
        _("Location"),
        _("State"),
        _("Agreement"),
        _("Customers"),
        _("Partner since"),
    ]


def _cells(partnership):
    missing = partnership.agreement_missing
    return [
        partnership.reseller.name,
        partnership.location.mpn_id,
        encode("R", partnership.reseller_id),
        partnership.location.country,
        _("Agreement missing") if missing else _("Active"),
        _("Missing") if missing else _("Signed"),
        partnership.customer_count,
        moment(partnership.started_at),
    ]
