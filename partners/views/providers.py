"""The reseller's side: its providers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partners.forms.filters import ProviderFilter
from partners.models import PartnerProfile, Partnership
from partners.tables import EndedProviderTable, ProviderTable
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.links import reverse
from portal.lists import Page


@require_safe
@requires(Permission.VIEW_PROVIDERS)
def provider_list(request):
    """*Indirect providers*: the partnerships of this reseller, those that have ended apart."""
    ended = request.GET.get("view") == "ended"
    partnerships = Partnership.objects.visible_to(request.membership)
    chosen = partnerships.removed() if ended else partnerships.active()
    filters = ProviderFilter(request.GET)
    rows = filters.apply(chosen.list_of_providers())
    page = Page(request, EndedProviderTable if ended else ProviderTable, rows, series="N")
    context = {
        "page": page,
        "filters": filters,
        "tabs": _tabs(request, ended),
        "keep": [{"name": "view", "value": "ended"}] if ended else [],
        "urls": _url_prefixes(request.membership.organization),
        "signed": _has_signed(request.membership),
        **(_ended(page) if ended else _active(page)),
    }
    return render_page(
        request, "partners/provider_list.html", context, partial="components/table_region.html"
    )


def _active(page):
    number = ngettext("%(number)d provider", "%(number)d providers", page.count)
    return {
        "row_template": "partners/provider_rows.html",
        "caption": _("Indirect providers"),
        "count_text": number % {"number": page.count},
        "empty": {
            "heading": _("No indirect providers yet"),
            "text": _("Open the link in a provider's partnership request to accept it."),
        },
    }


def _ended(page):
    number = ngettext("%(number)d partnership", "%(number)d partnerships", page.count)
    return {
        "row_template": "partners/ended_provider_rows.html",
        "caption": _("Ended partnerships"),
        "count_text": number % {"number": page.count},
        "empty": {"heading": _("No partnership has ended")},
    }


def _tabs(request, ended):
    organization = request.membership.organization
    return [
        {
            "label": label,
            "url": reverse("partners:provider_list", organization=organization, view=view),
            "current": ended == bool(view),
        }
        for label, view in ((_("Active"), ""), (_("Ended"), "ended"))
    ]


def _url_prefixes(organization):
    """What stands in front of a reference in the rows' links, reversed once per page."""
    customers = reverse("customers:customer_list", organization=organization)
    return {
        "providers": reverse("partners:provider_list", organization=organization),
        "customers": f"{customers}?provider=",
        "invite": f"{customers}invite/?provider=",
    }


def _has_signed(membership):
    profile = PartnerProfile.objects.filter(organization=membership.organization).first()
    return bool(profile and profile.agreement_signed)
