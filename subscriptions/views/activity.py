"""*Activity* of one customer, and its export."""

from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import Customer
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.audit.forms import AuditEntryFilter
from portal.audit.tables import AuditEntryTable
from portal.exports import Dialect, chosen_dialect, csv_response, file_name, moment
from portal.htmx import render_page
from portal.links import reverse
from portal.lists import Page, in_order
from subscriptions.activity import activity_of

MOST_EXPORTED = 10_000
AT_ONCE = 2000  # rows read from the database at a time


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def customer_activity(request, pk):
    """What happened to the customer and to what belongs to it, day by day, newest first."""
    customer = _customer(request, pk)
    filters = AuditEntryFilter(request.GET)
    page = Page(request, AuditEntryTable, filters.apply(activity_of(customer, request.membership)))
    _mark_days(page.rows)
    context = {
        "customer": customer,
        "page": page,
        "filters": filters,
        "row_template": "subscriptions/activity_rows.html",
        "bar_template": "subscriptions/activity_bar.html",
        "caption": _("Activity of %s") % customer.company_name,
        "empty": {"heading": _("Nothing has happened yet")},
        "exports": list(_exports(request, customer)),
    }
    return render_page(
        request,
        "subscriptions/customer_activity.html",
        context,
        partial="components/table_region.html",
    )


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@reauthenticated(gives_file=True)
def customer_activity_export(request, pk):
    """*Export log*: a file of what the filters show, the newest ten thousand entries."""
    customer = _customer(request, pk)
    entries = AuditEntryFilter(request.GET).apply(activity_of(customer, request.membership))
    in_turn = in_order(entries, AuditEntryTable, request.GET.get("sort", ""))
    return csv_response(
        map(_cells, in_turn[:MOST_EXPORTED].iterator(chunk_size=AT_ONCE)),
        header=[_("Date-Time"), _("Action"), _("Changes"), _("Concerning"), _("Partner user")],
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(request.membership.organization.slug, customer.reference, "activity"),
    )


def _customer(request, pk):
    customers = Customer.objects.visible_to(request.membership).with_parties()
    return get_object_or_404(customers, pk=pk)


def _mark_days(entries):
    """Give the first entry of each day that day, as a heading."""
    known = None
    for entry in entries:
        day = localdate(entry.at)
        entry.new_day = day if day != known else None
        known = day


def _exports(request, customer):
    """The links of the menu: the same filters in each dialect."""
    query = request.GET.copy()
    for name in ("after", "before", "format"):
        query.pop(name, None)
    for dialect in Dialect:
        url = reverse(
            "subscriptions:customer_activity_export",
            customer.pk,
            organization=request.membership.organization,
        )
        query["format"] = dialect.value
        yield {"label": dialect.label, "url": f"{url}?{query.urlencode()}"}


def _cells(entry):
    told = (f"{field}: {old or '–'} → {new or '–'}" for field, old, new in entry.changes)
    changes = "; ".join(told)
    if not changes and entry.details.get("before"):
        changes = f"{entry.details['before']} → {entry.details.get('after', '')}"
    who = f"{entry.actor} ({entry.acting_for})" if entry.actor else _("the system")
    return [moment(entry.at), entry.words, changes, entry.reference, who]
