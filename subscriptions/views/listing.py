"""*Subscriptions*: the list of all customers in its work lists, and what leaves it as a file."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Kind, Permission
from portal.htmx import render_page
from portal.links import redirect_to
from portal.lists import Page, tab_numbers
from portal.queries import to_redirect_to
from portal.savedviews.shown import saves_views
from portal.selection import kept_query
from subscriptions import selection, worklists
from subscriptions.filters import SubscriptionFilter
from subscriptions.models import Subscription
from subscriptions.subscription_export import SubscriptionExport
from subscriptions.tables import SubscriptionTable
from subscriptions.views import own


@require_safe
@requires(Permission.VIEW_SUBSCRIPTIONS)
@saves_views("subscriptions")
def subscription_list(request):
    """*Subscriptions* of all customers; for a customer, its own."""
    membership = request.membership
    if membership.organization.kind == Kind.CUSTOMER:
        return own.subscription_list(request)
    filters = SubscriptionFilter(request.GET, membership=membership)
    subscriptions = Subscription.objects.visible_to(membership)
    counts = worklists.counts(membership)
    shown = filters.apply(subscriptions.for_list()).annotate(**counts)
    page = Page(request, SubscriptionTable, shown, series="S")
    numbers = tab_numbers(page, subscriptions, counts)
    everything = numbers["in_everything"]
    context = {
        "page": page,
        "filters": filters,
        "row_template": "subscriptions/subscription_rows.html",
        "bar_template": "subscriptions/subscription_bar.html",
        "caption": _("Subscriptions"),
        "with_customer": True,
        "is_selectable": True,
        "tabs": worklists.tabs(request, numbers),
        "tabs_label": _("Work lists"),
        "export": selection.menu(request, matching=page.count, everything=everything),
        "empty": worklists.nothing(request),
    }
    region = "components/table_region.html"
    return render_page(request, "subscriptions/subscription_list.html", context, partial=region)


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@reauthenticated(gives_file=True)
def subscription_export(request):
    """*Export subscriptions*: a file of what the address asks for."""
    export = SubscriptionExport(request.membership, request.GET)
    if export.is_empty_selection:
        messages.error(request, _("Select at least one subscription, then export again."))
        return redirect_to(request, worklists.PAGE, **to_redirect_to(kept_query(request.GET)))
    return export.response()
