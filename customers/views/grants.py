"""*Admin relationships*: what a provider's or reseller's customers granted, and asking for more."""

from functools import partial

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import services
from customers.delegated import allowed
from customers.forms.grants import GrantFilter, RenewalForm
from customers.grant_export import MATCHING, ChosenGrants, kept_query
from customers.models import DelegatedAdmin
from customers.services.grants import ASKED_ALREADY, MOST_ASKED, NOT_GRANTED, sort_out
from customers.tables import GrantTable
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.exports import Dialect
from portal.htmx import render_form, render_page
from portal.links import redirect_to, reverse
from portal.lists import Page
from portal.queries import to_redirect_to

NAMED = 50  # grants that the preview names
REASONS = {
    NOT_GRANTED: gettext_lazy("The privileges are over. Send a new relationship request."),
    ASKED_ALREADY: gettext_lazy("A renewal request is waiting for the customer already."),
}


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def grant_list(request):
    """Every grant with its name, its last day and how its renewal stands."""
    membership = request.membership
    filters = GrantFilter(request.GET, membership=membership)
    page = Page(request, GrantTable, filters.apply(_grants(request)), series="G")
    number = ngettext("%(number)d admin relationship", "%(number)d admin relationships", page.count)
    profile = getattr(membership.organization, "partner", None)
    context = {
        "page": page,
        "filters": filters,
        "row_template": "customers/grant_rows.html",
        "bar_template": "customers/grant_bar.html",
        "caption": _("Admin relationships"),
        "count_text": number % {"number": page.count},
        "empty": _no_grants(),
        "export": _menu(request, page),
        "automatic": bool(profile and profile.renew_automatically),
        "allowed": [service.to_partner for service in allowed(membership.organization.kind)],
    }
    region = "components/table_region.html"
    return render_page(request, "customers/grant_list.html", context, partial=region)


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@reauthenticated(gives_file=True)
def grant_export(request):
    """A file of the selected rows, or of all that the filters match."""
    chosen = _chosen(request, request.GET)
    if chosen.is_selection and not chosen.grants.exists():
        return _nothing_selected(request, _("Select at least one row, then export again."))
    return chosen.response()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REQUEST_DELEGATED_ADMIN)
def grant_renew(request):
    """*Ask for renewal*: looking shows who would be asked and who not; posting asks."""
    posted = request.method == "POST"
    chosen = _chosen(request, request.POST if posted else request.GET)
    grants = list(chosen.grants.order_by("ends_at", "pk")[: MOST_ASKED + 1])
    if not grants:
        return _nothing_selected(request, _("Select at least one row, then ask again."))
    form = RenewalForm(request.POST if posted else None)
    ready, skipped = sort_out(grants[:MOST_ASKED])
    if form.is_valid():
        return _ask(request, ready, form.cleaned_data["days"])
    context = {
        "form": form,
        "ready": ready[:NAMED],
        "ready_count": len(ready),
        "skipped": [(grant, REASONS[reason]) for grant, reason in skipped[:NAMED]],
        "skipped_count": len(skipped),
        "has_more": len(grants) > MOST_ASKED,
        "most": MOST_ASKED,
        "kept": chosen.kept,
        "allowed": [
            service.to_partner for service in allowed(request.membership.organization.kind)
        ],
    }
    return render_form(request, "customers/grant_renew.html", context)


@require_POST
@requires(Permission.REQUEST_DELEGATED_ADMIN)
def renewal_automatic(request):
    """*Ask for renewal automatically*, on or off; any other word changes nothing."""
    wanted = request.POST.get("automatic")
    if wanted in {"on", "off"}:
        services.set_automatic_renewal(wanted == "on", actor=request.membership)
        words = {
            "on": _("The portal now asks for renewals by itself, 30 days before the end."),
            "off": _("The portal no longer asks for renewals by itself."),
        }
        messages.success(request, words[wanted])
    return redirect_to(request, "customers:grant_list")


def _grants(request):
    found = DelegatedAdmin.objects.visible_to(request.membership).listed_for(request.membership)
    return found.with_renewals().select_related("organization", "partner")


def _chosen(request, data):
    return ChosenGrants(_grants(request), data, membership=request.membership)


def _ask(request, ready, days):
    asked = services.ask_for_renewals(ready, actor=request.membership, days=days)
    words = ngettext(
        "%(number)d renewal request is on its way.",
        "%(number)d renewal requests are on their way.",
        asked,
    )
    if asked:
        messages.success(request, words % {"number": asked})
    else:
        messages.info(request, _("Nobody was asked: each of them was asked before or is over."))
    return redirect_to(request, "customers:grant_list")


def _nothing_selected(request, words):
    messages.error(request, words)
    query = to_redirect_to(kept_query(request.GET))
    return redirect_to(request, "customers:grant_list", **query)


def _no_grants():
    return {
        "heading": _("No admin relationships yet"),
        "text": _(
            "They begin when you add a customer, or when a customer accepts a request that asks "
            "for delegated admin privileges."
        ),
    }


def _menu(request, page):
    """What the bar above the rows needs: files, and asking for renewals."""
    organization, query = request.membership.organization, kept_query(request.GET)
    address = partial(reverse, organization=organization, scope=MATCHING, **query)
    return {
        "url": reverse("customers:grant_export", organization=organization),
        "renew_url": reverse("customers:grant_renew", organization=organization),
        "renew_matching_url": address("customers:grant_renew"),
        "kept": [(key, value) for key, values in query.items() for value in values],
        "matching": page.count,
        "dialects": [
            {
                "name": dialect.value,
                "label": dialect.label,
                "matching_url": address("customers:grant_export", format=dialect.value),
            }
            for dialect in Dialect
        ],
    }
