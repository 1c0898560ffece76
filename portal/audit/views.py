from uuid import UUID

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Kind, Permission
from portal.audit import export, facts
from portal.audit.forms import LogFilter
from portal.audit.models import AuditEntry
from portal.audit.resellers import resellers_for
from portal.audit.tables import LogTable, OwnLogTable
from portal.exports import Dialect, chosen_dialect, file_name, streamed_csv
from portal.htmx import render_page, wants_partial
from portal.links import reverse
from portal.lists import Page
from portal.savedviews.shown import saves_views

LIST = "audit:entry_list"
MOST_OPEN = 5  # expanded rows


@require_safe
@requires(Permission.VIEW_ACTIVITY)
@saves_views("activity")
def entry_list(request):
    """Everything that happened to the organization's rows, newest first."""
    filters = _filters(request)
    is_customer = request.membership.organization.kind == Kind.CUSTOMER
    page = Page(request, OwnLogTable if is_customer else LogTable, filters.apply(_entries(request)))
    _open_rows(request, page)
    context = {
        "page": page,
        "filters": filters,
        "is_customer": is_customer,
        "sees_all": request.membership.can(Permission.VIEW_ALL_ACTIVITY),
        "row_template": "audit/log_rows.html",
        "bar_template": "subscriptions/activity_bar.html",
        "caption": _("Activity log"),
        "empty": {"heading": _("Nothing has happened in this time")},
        "exports": list(_exports(request)),
    }
    return render_page(
        request, "audit/entry_list.html", context, partial="components/table_region.html"
    )


@require_safe
@requires(Permission.VIEW_ACTIVITY)
def entry_panel(request, pk):
    """An expanded row; without htmx, the list with that row expanded."""
    entry = get_object_or_404(_entries(request), pk=pk)
    if not wants_partial(request):
        day, place = localdate(entry.at), request.membership.organization
        url = reverse(LIST, organization=place, since=day, until=day, open=pk)
        return HttpResponseRedirect(f"{url}#e-{pk}")
    _fill(entry, request.membership)
    return render(request, "audit/entry_panel.html", {"row": entry})


@require_safe
@requires(Permission.VIEW_ACTIVITY)
@reauthenticated(gives_file=True)
def entry_export(request):
    """*Export log*: a file of all that the filters show."""
    membership = request.membership
    unmasked = membership.can(Permission.VIEW_ADDRESSES)
    entries = _filters(request).apply(_entries(request))
    return streamed_csv(
        export.rows(entries, membership, unmasked=unmasked),
        header=export.header(),
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(membership.organization.slug, "activity-log"),
    )


def _entries(request):
    """What the member may read: all of the organization's, or what they did themselves."""
    entries = AuditEntry.objects.visible_to(request.membership).for_log()
    if request.membership.can(Permission.VIEW_ALL_ACTIVITY):
        return entries
    return entries.filter(actor=request.membership.user_id)


def _filters(request):
    membership = request.membership
    without = []
    if membership.organization.kind == Kind.CUSTOMER:
        without.append("customer")
    if not membership.can(Permission.VIEW_ALL_ACTIVITY):
        without.append("user")
    return LogFilter(request.GET, without=without, resellers=resellers_for(membership))


def _open_rows(request, page):
    """Fill the rows that the address names (``?open=``) and link all to open or close."""
    named = list(dict.fromkeys(request.GET.getlist("open")))[-MOST_OPEN:]
    for row in page.rows:
        row.is_open = str(row.pk) in named
        if row.is_open:
            _fill(row, request.membership)
            row.close_url = _address(page.query, [pk for pk in named if pk != str(row.pk)])
    page.open_url = _address(page.query, [*filter(_is_key, named), ""])


def _fill(entry, membership):
    unmasked = membership.can(Permission.VIEW_ADDRESSES)
    entry.all_changes, entry.facts = list(facts.changes_of(entry)), list(facts.facts_of(entry))
    entry.page_url = facts.page_of(entry, membership)
    entry.customer_url = facts.customer_page_of(entry, membership)
    entry.address = facts.address_for(entry, membership, unmasked=unmasked)


def _address(query, opened):
    """This page with these rows open; an empty last one is to be filled in."""
    query = query.copy()
    query.pop("open", None)  # it comes last
    query.setlist("open", opened)
    return f"?{query.urlencode()}"


def _is_key(text):
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _exports(request):
    """The links of the menu: the same filters in each dialect."""
    query = request.GET.copy()
    for name in ("after", "before", "open", "format"):
        query.pop(name, None)
    url = reverse("audit:entry_export", organization=request.membership.organization)
    for dialect in Dialect:
        query["format"] = dialect.value
        yield {"label": dialect.label, "url": f"{url}?{query.urlencode()}"}
