"""Which grants a press of a button is about, and the file of them."""

from functools import partial

from django.utils.translation import gettext as _

from customers.forms.grants import GrantFilter
from customers.tables import GrantTable
from portal.exports import chosen_dialect, csv_response, file_name, moment
from portal.lists import in_order
from portal.queries import kept
from portal.references import decode_all

SELECTED, MATCHING = "selected", "matching"
NOT_KEPT = {"scope", "id", "format", "after", "before", "csrfmiddlewaretoken", "days"}
AT_ONCE = 2000  # rows read from the database at a time

# The part of a QueryDict that says which list it is: its filters and order.
kept_query = partial(kept, without=NOT_KEPT)


class ChosenGrants:
    """The grants that the query ``data`` means: those ticked (``id``), or all its filters match."""

    def __init__(self, grants, data, *, membership):
        self.data, self.membership = data, membership
        self.is_selection = data.get("scope") == SELECTED
        self.filters = GrantFilter(data, membership=membership)
        self.grants = self._chosen(grants)

    @property
    def kept(self):
        """Names and values of hidden inputs that mean the same grants again."""
        names = [
            (name, value) for name, values in kept_query(self.data).items() for value in values
        ]
        ticked = [("id", reference) for reference in self.data.getlist("id")]
        scope = ("scope", SELECTED if self.is_selection else MATCHING)
        return [scope, *names, *(ticked if self.is_selection else [])]

    def response(self):
        """The file."""
        rows = in_order(self.grants, GrantTable, self.data.get("sort", ""))
        return csv_response(
            map(_cells, rows.iterator(chunk_size=AT_ONCE)),
            header=_header(),
            dialect=chosen_dialect(self.data.get("format", "")),
            name=file_name(self.membership.organization.slug, "admin-relationships"),
        )

    def _chosen(self, grants):
        if not self.is_selection:
            return self.filters.apply(grants)
        self.filters.is_valid()
        return grants.filter(pk__in=decode_all("G", self.data.getlist("id")))


def _header():
    return [
        _("Reference"),
        _("Name"),
        _("Customer"),
        _("Partner"),
        _("Status"),
        _("Since"),
        _("Until"),
        _("Renewal"),
        _("Renewal asked"),
    ]


def _cells(grant):
    return [
        grant.reference,
        str(grant.title),
        grant.organization.name,
        grant.partner.name,
        str(grant.state_words),
        moment(grant.granted_at),
        moment(grant.ends_at),
        str(grant.renewal_words),
        moment(grant.renewal_at),
    ]
