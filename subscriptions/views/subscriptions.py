from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import Customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Kind, Permission
from portal.htmx import render_page
from portal.links import redirect_to, reverse
from portal.lists import Page, capped_count
from portal.references import decode_or_none, encode
from subscriptions.models import LicenseRequest, OrderLine, OrderRequest, Subscription
from subscriptions.tables import CustomerSubscriptionTable


@require_safe
@requires(Permission.VIEW_SUBSCRIPTIONS)
def customer_subscriptions(request, pk):
    """One customer's *Subscriptions*; those of the order ``?new=O-…`` are marked."""
    membership = request.membership
    customers = Customer.objects.visible_to(membership)
    customer = get_object_or_404(customers.select_related("provider", "reseller"), pk=pk)
    if membership.organization.kind == Kind.CUSTOMER:
        provider = encode("R", customer.provider_id)
        return redirect_to(request, "subscriptions:subscription_list", provider=provider)
    subscriptions = Subscription.objects.visible_to(membership).for_list()
    page = Page(request, CustomerSubscriptionTable, subscriptions.filter(customer=pk), series="S")
    _mark_new(request, page)
    context = {
        "customer": customer,
        "page": page,
        "row_template": "subscriptions/subscription_rows.html",
        "caption": _("Subscriptions of %s") % customer.company_name,
        "empty": _nothing_yet(request, customer),
        "waiting": capped_count(_open_requests(request).filter(subscription__customer=pk)),
        "to_order": _asked_to_order(request, pk),
    }
    return render_page(
        request,
        "subscriptions/customer_subscriptions.html",
        context,
        partial="components/table_region.html",
    )


def _asked_to_order(request, customer):
    requests = OrderRequest.objects.visible_to(request.membership).open()
    return requests.filter(customer=customer).select_related("asked_for").first()


def _open_requests(request):
    return LicenseRequest.objects.visible_to(request.membership).open()


def _mark_new(request, page):
    order = decode_or_none("O", request.GET.get("new", ""))
    if not order:
        return
    lines = OrderLine.objects.visible_to(request.membership).filter(order=order)
    new = set(lines.values_list("subscription", flat=True))
    for subscription in page.rows:
        subscription.is_new = subscription.pk in new


def _nothing_yet(request, customer):
    empty = {"heading": _("No subscriptions yet")}
    if request.membership.can(Permission.PLACE_ORDER):
        name, organization = "subscriptions:subscription_add", request.membership.organization
        url = reverse(name, customer.pk, organization=organization)
        empty |= {"url": url, "label": _("Add subscription")}
    return empty
