"""*Pricing and offers*, for the provider's staff: resellers and customers never see it."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.exports import chosen_dialect, csv_response, file_name
from portal.htmx import render_page
from portal.lists import Page, in_order
from subscriptions.models import Offer
from subscriptions.pricing import PriceFilter, with_tiers
from subscriptions.tables import PriceTable


@require_safe
@requires(Permission.VIEW_PRICES)
def price_list(request):
    """What can be ordered for customers in one country, with coming changes."""
    filters = _filters(request)
    page = Page(request, PriceTable, filters.offers(), series="P")
    page.rows = with_tiers(page.rows, filters.market)
    context = {
        "page": page,
        "filters": filters,
        "market": filters.market,
        "row_template": "subscriptions/price_rows.html",
        "caption": _("Pricing and offers"),
        "bar_template": "subscriptions/price_bar.html",
        "empty": {
            "heading": _("No prices yet"),
            "text": _("An operator of the portal imports the price lists."),
        },
    }
    template = "subscriptions/price_list.html"
    return render_page(request, template, context, partial="components/table_region.html")


@require_safe
@requires(Permission.VIEW_PRICES)
@reauthenticated(gives_file=True)
def price_export(request):
    """What the list shows, on all its pages: a row for each tier, and for each change."""
    filters = _filters(request)
    offers = in_order(filters.offers(), PriceTable, request.GET.get("sort", ""))
    priced = with_tiers(offers, filters.market)
    return csv_response(
        [
            _cells(offer, price)
            for offer in priced
            for tier in offer.tiers
            for price in (tier.price, tier.next)
            if price
        ],
        header=[
            *(_("Offer"), _("SKU"), _("Publisher"), _("Category"), _("Term"), _("Billing type")),
            *(_("Country"), _("Currency"), _("From licenses"), _("Price"), _("Recommended price")),
            *(_("Valid from"), _("Valid until"), _("Demonstration price")),
        ],
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(request.membership.organization.slug, "prices", filters.market.code),
    )


def _filters(request):
    names = Offer.objects.order_by("publisher").values_list("publisher", flat=True).distinct()
    provider = request.membership.organization
    return PriceFilter(request.GET, provider=provider, publishers=names)


def _cells(offer, price):
    return [
        *(offer.name, offer.sku_id, offer.publisher, offer.get_category_display()),
        *(offer.get_term_display(), offer.get_billing_display(), price.market, price.currency),
        *(price.min_quantity, price.unit_price, price.erp_price, price.valid_from),
        *(price.valid_until, _("yes") if price.is_demonstration else _("no")),
    ]
