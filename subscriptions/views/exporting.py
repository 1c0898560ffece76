"""*Export subscriptions* of one customer."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import Customer
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.exports import chosen_dialect, csv_response, file_name
from subscriptions.models import Subscription


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@reauthenticated(gives_file=True)
def customer_subscriptions_export(request, pk):
    """A file in the documented columns (domain.md 5), whatever their state."""
    membership = request.membership
    customer = get_object_or_404(Customer.objects.visible_to(membership), pk=pk)
    subscriptions = Subscription.objects.visible_to(membership).for_list().filter(customer=pk)
    return csv_response(
        map(_cells, subscriptions.order_by("-created_at", "-pk")),
        header=[_("Subscription ID"), _("Subscription"), _("Quantity"), _("Status"), _("Reseller")],
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(membership.organization.slug, "subscriptions", customer.company_name),
    )


def _cells(subscription):
    location = subscription.reseller_of_record
    return [
        subscription.reference,
        subscription.name,
        subscription.quantity,
        str(subscription.get_status_display()),
        f"{location.organization.name} · {location.mpn_id}" if location else "",
    ]
