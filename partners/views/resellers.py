"""The provider's side: its resellers, and what it asked of others."""

from uuid import uuid4

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partners.figures import figures
from partners.forms.filters import EndedFilter, RequestFilter, ResellerFilter
from partners.forms.requests import StartForm
from partners.models import MpnAccount, Partnership, PartnershipRequest
from partners.tables import EndedTable, RequestTable, ResellerTable
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.links import reverse
from portal.lists import Page
from portal.outbox.models import OutboxMessage

# Partnerships have no reference of their own; this letter only serves page links.
SERIES = "N"


@require_safe
@requires(Permission.VIEW_RESELLERS)
def reseller_list(request):
    """*Indirect resellers*: the active ones, what is pending, what has ended."""
    chosen = request.GET.get("view", "")
    build = {"pending": _pending, "ended": _ended}.get(chosen, _active)
    context = build(request) | {
        "tabs": _tabs(request, build),
        "keep": [{"name": "view", "value": chosen}] if build is not _active else [],
        "start": StartForm(initial={"submission": uuid4()}),
        "urls": _url_prefixes(request.membership.organization),
    }
    return render_page(
        request, "partners/reseller_list.html", context, partial="components/table_region.html"
    )


@require_safe
@requires(Permission.VIEW_RESELLERS)
def reseller_detail(request, pk):
    """One reseller: the company, and how far it is involved."""
    partnership = _partnership(request, pk)
    if partnership.status != Partnership.Status.ACTIVE:
        raise Http404
    context = {
        "partnership": partnership,
        "numbers": figures(partnership, request.membership),
        "mpn_accounts": MpnAccount.objects.filter(organization=partnership.reseller),
        "urls": _url_prefixes(request.membership.organization),
    }
    return render_page(request, "partners/reseller_detail.html", context)


def _partnership(request, reseller):
    """The latest partnership with this reseller, or 404."""
    partnerships = Partnership.objects.visible_to(request.membership).filter(reseller=reseller)
    latest = partnerships.with_partners().order_by("-started_at", "-pk").first()
    if latest is None:
        raise Http404
    return latest


def _active(request):
    country = request.membership.organization.country
    filters = ResellerFilter(request.GET, country=country)
    partnerships = Partnership.objects.visible_to(request.membership).active()
    rows = filters.apply(partnerships.list_of_resellers())
    page = Page(request, ResellerTable, rows, series=SERIES)
    number = ngettext("%(number)d reseller", "%(number)d resellers", page.count)
    return {
        "page": page,
        "filters": filters,
        "row_template": "partners/reseller_rows.html",
        "caption": _("Indirect resellers"),
        "count_text": number % {"number": page.count},
        "empty": {
            "heading": _("No indirect resellers yet"),
            "text": _(
                "Have the reseller's email address at hand, then send a partnership request. "
                "After they accept, they appear here and you can add customers on their behalf, "
                "submit orders, connect them to subscriptions and make them support contact."
            ),
            "filtered": _("No reseller matches these filters"),
        },
    }


def _pending(request):
    filters = RequestFilter(request.GET)
    requests = PartnershipRequest.objects.visible_to(request.membership).pending()
    page = Page(request, RequestTable, filters.apply(requests.for_list()), series="P")
    _attach_deliveries(request.membership, page.rows)
    number = ngettext("%(number)d request", "%(number)d requests", page.count)
    return {
        "page": page,
        "filters": filters,
        "row_template": "partners/request_rows.html",
        "caption": _("Pending requests"),
        "count_text": number % {"number": page.count},
        "empty": {"heading": _("No pending requests")},
    }


def _ended(request):
    filters = EndedFilter(request.GET)
    partnerships = Partnership.objects.visible_to(request.membership).removed()
    rows = filters.apply(partnerships.list_of_resellers())
    page = Page(request, EndedTable, rows, series=SERIES)
    number = ngettext("%(number)d partnership", "%(number)d partnerships", page.count)
    return {
        "page": page,
        "filters": filters,
        "row_template": "partners/ended_rows.html",
        "caption": _("Ended partnerships"),
        "count_text": number % {"number": page.count},
        "empty": {"heading": _("No partnership has ended")},
    }


def _attach_deliveries(membership, requests):
    """Give each request the delivery of its mail, if the portal was asked to send one."""
    keys = [request.delivery_key for request in requests]
    deliveries = OutboxMessage.objects.visible_to(membership).filter(key__in=keys)
    by_key = {delivery.key: delivery for delivery in deliveries}
    for request in requests:
        request.delivery = by_key.get(request.delivery_key)


def _tabs(request, current):
    names = [
        (_active, _("Active"), ""),
        (_pending, _("Pending requests"), "pending"),
        (_ended, _("Ended"), "ended"),
    ]
    organization = request.membership.organization
    return [
        {
            "label": label,
            "url": reverse("partners:reseller_list", organization=organization, view=view),
            "current": build is current,
        }
        for build, label, view in names
    ]


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
        "subscriptions": f"{subscriptions}?reseller=",
        "add_customer": f"{draft}?reseller=",
    }
