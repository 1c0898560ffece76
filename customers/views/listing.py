"""*Customers*: the list in its many views, and what leaves it as a file."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from customers.customer_export import CustomerExport
from customers.list_filters import MINE, CustomerFilter
from customers.models import Customer, CustomerTag
from customers.resellers import NO_RESELLER
from customers.rows import MOST_OPEN, add_figures, open_rows, pin_new
from customers.tables import CustomerTable, ResellersCustomerTable, invite_words, no_customers
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Kind, Permission
from portal.exports import Dialect
from portal.htmx import render_page, wants_partial
from portal.links import redirect_to, reverse
from portal.lists import CappedCount, Page, tab_numbers
from portal.queries import LONGEST, to_redirect_to
from portal.savedviews.shown import saves_views
from portal.selection import ALL, MATCHING, kept_query

LIST = "customers:customer_list"


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@saves_views("customers")
def customer_list(request):
    """*Customers*: a typed customer ID leads straight to the customer.

    An address that says the same in more words leads to the one that people share.
    """
    membership = request.membership
    customers = Customer.objects.visible_to(membership)
    filters = CustomerFilter(request.GET, membership=membership)
    if filters.customer_id and customers.filter(pk=filters.customer_id).exists():
        return _jump(request, filters.customer_id)
    query = filters.canonical
    is_shared = query == request.GET.urlencode() or len(query) > LONGEST
    if not is_shared and not wants_partial(request):
        return HttpResponseRedirect(f"{request.path}?{query}".removesuffix("?"))
    response = _show(request, customers, filters)
    if wants_partial(request):
        response["HX-Push-Url"] = f"{request.path}?{query}".removesuffix("?")
    return response


def _show(request, customers, filters):
    membership = request.membership
    is_provider = membership.organization.kind == Kind.PROVIDER
    counts = _counts(membership, customers)
    shown = filters.apply(_with_all_columns(membership, customers)).annotate(**counts)
    page = Page(request, _table(membership), shown, series="C")
    pin_new(page, _with_all_columns(membership, customers))
    add_figures(page, customers)
    closed = open_rows(page)
    numbers = tab_numbers(page, customers, counts)
    context = {
        "page": page,
        "filters": filters,
        "ignored": ", ".join(filters.ignored(_table(membership))),
        "closed": closed,
        "most_open": MOST_OPEN,
        "row_template": "customers/customer_rows.html",
        "notes_template": "customers/customer_notes.html",
        "bar_template": "customers/customer_bar.html",
        "caption": _("Customers"),
        "count_text": _count_text(page.count),
        "empty": no_customers(membership),
        "tabs_label": _("Views of the customers"),
        "tabs": _tabs(request, numbers) if is_provider else [],
        "export": _export_menu(request, page, numbers),
        "invite_label": invite_words(membership),
    }
    region = "customers/customer_region.html"
    return render_page(request, "customers/customer_list.html", context, partial=region)


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@reauthenticated(gives_file=True)
def customer_export(request):
    """*Export customers*: a file of what the address asks for."""
    export = CustomerExport(request.membership, request.GET, _table(request.membership))
    if export.is_empty_selection:
        messages.error(request, _("Select at least one customer, then export again."))
        return redirect_to(request, LIST, **to_redirect_to(kept_query(request.GET)))
    return export.response()


def _table(membership):
    is_provider = membership.organization.kind == Kind.PROVIDER
    return CustomerTable if is_provider else ResellersCustomerTable


def _with_all_columns(membership, customers):
    """All that a row shows; a provider's tags are nobody else's."""
    if membership.organization.kind != Kind.PROVIDER:
        return customers.for_list()
    return customers.for_list().with_tags(CustomerTag.objects.visible_to(membership))


def _jump(request, pk):
    page = redirect_to(request, "customers:customer_detail", pk)
    return HttpResponseClientRedirect(page.url) if request.htmx else page


def _count_text(number):
    words = ngettext("%(number)d customer", "%(number)d customers", number)
    return words % {"number": number}


def _counts(membership, customers):
    """How many customers each tab holds; these ride along with the rows."""
    active = customers.active()
    counts = {"in_all": CappedCount(active)}
    if membership.organization.kind == Kind.PROVIDER:
        counts["in_mine"] = CappedCount(active.filter(created_by=membership.user_id))
        counts["in_direct"] = CappedCount(active.filter(reseller__isnull=True))
    return counts


def _tabs(request, numbers):
    query, saved = request.GET, request.saved_views
    is_mine, is_direct = query.get("view") == MINE, query.getlist("reseller") == [NO_RESELLER]
    own = {"label": _("Mine"), "url": f"{saved.path}?view={MINE}", "count": numbers["in_mine"]}
    direct = {
        "label": _("No reseller"),
        "url": f"{saved.path}?reseller={NO_RESELLER}",
        "count": numbers["in_direct"],
    }
    everything = {"label": _("All"), "url": saved.everything_url, "count": numbers["in_all"]}
    return [
        everything | {"current": not is_mine and not is_direct},
        own | {"current": is_mine},
        direct | {"current": is_direct and not is_mine},
    ]


def _export_menu(request, page, numbers):
    """What the selection, its actions and the menu *Export customers* need."""
    organization, query = request.membership.organization, kept_query(request.GET)
    address = partial(reverse, "customers:customer_export", organization=organization, **query)
    move = partial(reverse, "customers:customers_move", organization=organization)
    return {
        "url": reverse("customers:customer_export", organization=organization),
        "kept": [(key, value) for key, values in query.items() for value in values],
        "matching": page.count,
        "all": numbers["in_all"],
        "dialects": [
            {
                "name": dialect.value,
                "label": dialect.label,
                "matching_url": address(scope=MATCHING, format=dialect.value),
                "all_url": address(scope=ALL, format=dialect.value),
            }
            for dialect in Dialect
        ],
        "move_url": move(),
        "move_all_url": move(**query, scope=MATCHING),
        "clear_all_url": move(**query, scope=MATCHING, to=NO_RESELLER),
    }
