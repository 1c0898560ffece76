"""The reseller's side: its providers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partners.forms.filters import ProviderFilter
from partners.models import PartnerProfile, Partnership
from partners.tables import ProviderTable
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.links import reverse
from portal.lists import Page


@require_safe
@requires(Permission.VIEW_PROVIDERS)
def provider_list(request):
    """*Indirect providers*: the partnerships of this reseller."""
    filters = ProviderFilter(request.GET)
    partnerships = Partnership.objects.visible_to(request.membership).active()
    page = Page(request, ProviderTable, filters.apply(partnerships.list_of_providers()), series="N")
    organization = request.membership.organization
    number = ngettext("%(number)d provider", "%(number)d providers", page.count)
    context = {
        "page": page,
        "filters": filters,
        "row_template": "partners/provider_rows.html",
        "caption": _("Indirect providers"),
        "count_text": number % {"number": page.count},
        "customers_url": reverse("customers:customer_list", organization=organization),
        "profile": PartnerProfile.objects.filter(organization=organization).first(),
        "empty": {
            "heading": _("No indirect providers yet"),
            "text": _("Open the link in a provider's partnership request to accept it."),
        },
    }
    return render_page(
        request, "partners/provider_list.html", context, partial="components/table_region.html"
    )
