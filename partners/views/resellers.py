"""The provider's side: its resellers, and what it asked of others."""

from functools import partial
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partners.figures import involvement
from partners.forms.requests import StartForm
from partners.models import MpnAccount, Partnership
from partners.readiness import obstacles
from partners.reseller_export import ALL, MATCHING, ResellerExport, kept_query
from partners.reseller_history import history
from partners.reseller_tabs import TABS, ActiveTab, OpenedTab, PendingTab
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.exports import Dialect
from portal.htmx import render_page
from portal.links import reverse
from portal.queries import to_redirect_to
from portal.savedviews.shown import saves_views


@require_safe
@requires(Permission.VIEW_RESELLERS)
@saves_views("resellers")
def reseller_list(request):
    """*Indirect resellers*: the active ones, what is pending, what has ended."""
    opened = OpenedTab(request)
    tab, page = opened.tab, opened.page
    context = {
        "page": page,
        "filters": tab.filters,
        "row_template": tab.row_template,
        "bar_template": tab.bar_template,
        "caption": tab.caption,
        "count_text": tab.number(page.count) % {"number": page.count},
        "empty": tab.empty | _more(request, opened) | _found_elsewhere(request, opened),
        "tabs": _tabs(request, opened),
        "export": _export_menu(request, opened),
        "keep": _kept(request, tab),
        "start": StartForm(initial={"submission": uuid4()}),
        "urls": _url_prefixes(request.membership.organization),
    }
    return render_page(
        request, "partners/reseller_list.html", context, partial="components/table_region.html"
    )


@require_safe
@requires(Permission.VIEW_RESELLERS)
@reauthenticated(gives_file=True)
def reseller_export(request):
    """*Export indirect resellers*: a file of what the address asks for."""
    export = ResellerExport(request.membership, request.GET)
    if export.is_empty_selection:
        messages.error(request, _("Select at least one reseller, then export again."))
        return HttpResponseRedirect(_list_url(request, **to_redirect_to(kept_query(request.GET))))
    return export.response()


@require_safe
@requires(Permission.VIEW_RESELLERS)
def reseller_detail(request, pk):
    """One reseller: the company, and how far it is involved. Past partners only to look at."""
    partnership = _partnership(request, pk)
    membership = request.membership
    context = {
        "partnership": partnership,
        "is_active": partnership.status == Partnership.Status.ACTIVE,
        "numbers": involvement(partnership, membership),
        "mpn_accounts": MpnAccount.objects.filter(organization=partnership.reseller),
        "obstacles": obstacles(partnership),
        "history": history(partnership, membership),
        "start": StartForm(initial={"submission": uuid4()}),
        "urls": _url_prefixes(membership.organization),
    }
    return render_page(request, "partners/reseller_detail.html", context)


def _partnership(request, reseller):
    """The latest partnership with this reseller, or 404."""
    partnerships = Partnership.objects.visible_to(request.membership).filter(reseller=reseller)
    latest = partnerships.with_partners().order_by("-started_at", "-pk").first()
    if latest is None:
        raise Http404
    return latest


def _tabs(request, opened):
    return [
        {
            "label": kind.label,
            "url": _list_url(request, view="" if kind is ActiveTab else name),
            "current": name == opened.tab.name,
            "count": opened.number_in(name),
        }
        for name, kind in TABS.items()
    ]


def _more(request, opened):
    """The way to the requests that nobody waits for any more, where no other is left."""
    if opened.tab.name != PendingTab.name or not opened.holds_more:
        return {}
    url = _list_url(request, view=PendingTab.name, status="all")
    return {"more": True, "url": url, "label": _("Show all requests")}


def _found_elsewhere(request, opened):
    """Where the text was found that is not here, as the empty list says it."""
    found = opened.found_elsewhere()
    if not found:
        return {}
    tab, number = found
    place = {"view": "" if tab.name == ActiveTab.name else tab.name, "q": opened.tab.text}
    if tab.name == PendingTab.name:
        place["status"] = "all"
    words = ngettext(
        "%(number)d entry under “%(tab)s” matches.",
        "%(number)d entries under “%(tab)s” match.",
        number,
    )
    facts = {"number": number, "tab": tab.label}
    return {
        "hint": words % facts,
        "hint_url": _list_url(request, **place),
        "hint_label": _("Show in “%(tab)s”") % facts,
    }


def _export_menu(request, opened):
    """What the menu *Export indirect resellers* and its form need."""
    name, organization = "partners:reseller_export", request.membership.organization
    query = kept_query(request.GET)
    address = partial(reverse, name, organization=organization, **query)
    return {
        "url": reverse(name, organization=organization),
        "kept": [(key, value) for key, values in query.items() for value in values],
        "matching": opened.page.count,
        "all": opened.number_in(ActiveTab.name),
        "dialects": [
            {
                "name": dialect.value,
                "label": dialect.label,
                "matching_url": address(scope=MATCHING, format=dialect.value),
                "all_url": address(scope=ALL, format=dialect.value),
            }
            for dialect in Dialect
        ],
    }


def _kept(request, tab):
    """Hidden inputs of the filter form."""
    here = [] if tab.name == ActiveTab.name else [{"name": "view", "value": tab.name}]
    return [*here, *request.saved_views.kept]


def _list_url(request, **query):
    organization = request.membership.organization
    return reverse("partners:reseller_list", organization=organization, **query)


def _url_prefixes(organization):
    """What stands in front of a reference in the rows' links, reversed once per page."""
    customers = reverse("customers:customer_list", organization=organization)
    draft = reverse("subscriptions:draft_create", organization=organization)
    subscriptions = reverse("subscriptions:subscription_list", organization=organization)
    resellers = reverse("partners:reseller_list", organization=organization)
    return {
        "resellers": resellers,
        "requests": f"{resellers}requests/",
        "customers": f"{customers}?reseller=",
        "add_customer": f"{draft}?reseller=",
        "invite_customers": f"{customers}invite/?reseller=",
        "served": f"{subscriptions}?status=running&served_by=",
        "of_record": f"{subscriptions}?status=running&reseller=",
        "supported": f"{subscriptions}?status=running&support=",
    }
