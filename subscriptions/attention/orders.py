"""Orders that did not get through, what others ask to be ordered, and what was not delivered."""

from functools import partial

from django.utils.translation import ngettext_lazy

from portal.accounts.roles import Permission as P
from portal.outbox.models import OutboxMessage
from subscriptions.attention.lines import Line
from subscriptions.filters import STUCK, OrderFilter
from subscriptions.license_filters import LicenseRequestFilter
from subscriptions.models import LicenseRequest, Order, OrderRequest
from subscriptions.order_request_forms import OrderRequestFilter


def _orders(status, words):
    def rows(membership):
        filters = OrderFilter({"status": status}, membership=membership)
        return filters.apply(Order.objects.visible_to(membership))

    page, query = "subscriptions:order_list", {"status": status}
    return Line(P.PLACE_ORDER, words, rows, page, query, owner="placed_by")


def _deliveries(status, words):
    def rows(membership):
        return OutboxMessage.objects.visible_to(membership).filter(status=status)

    return Line(P.VIEW_DELIVERIES, words, rows, "outbox:message_list", {"status": status})


def _asked(query, membership):
    return OrderRequestFilter(query).apply(OrderRequest.objects.visible_to(membership))


def _license_requests(query, membership):
    filters = LicenseRequestFilter(query, membership=membership)
    return filters.apply(LicenseRequest.objects.visible_to(membership))


OPEN_ASKED = {"status": OrderRequest.Status.OPEN.value}
OPEN_LICENSES = {"status": LicenseRequest.Status.OPEN.value}

ORDERS_STUCK = _orders(
    STUCK, ngettext_lazy("%(number)s order is stuck", "%(number)s orders are stuck", "number")
)
ORDERS_FAILED = _orders(
    Order.Status.FAILED.value,
    ngettext_lazy(
        "%(number)s order is partly failed", "%(number)s orders are partly failed", "number"
    ),
)
ORDERS_WAITING = _orders(
    Order.Status.WAITING.value,
    ngettext_lazy(
        "%(number)s order waits for the customer agreement",
        "%(number)s orders wait for the customer agreement",
        "number",
    ),
)
ORDERS_ASKED = Line(
    P.PLACE_ORDER,
    ngettext_lazy(
        "%(number)s reseller's request to order waits for an answer",
        "%(number)s resellers' requests to order wait for an answer",
        "number",
    ),
    partial(_asked, OPEN_ASKED),
    "subscriptions:order_request_list",
    OPEN_ASKED,
)
LICENSES_ASKED = Line(
    P.CHANGE_SUBSCRIPTION,
    ngettext_lazy(
        "%(number)s license request waits for an answer",
        "%(number)s license requests wait for an answer",
        "number",
    ),
    partial(_license_requests, OPEN_LICENSES),
    "subscriptions:license_request_list",
    OPEN_LICENSES,
)
DELIVERIES_FAILED = _deliveries(
    OutboxMessage.Status.FAILED.value,
    ngettext_lazy("%(number)s delivery has failed", "%(number)s deliveries have failed", "number"),
)
DELIVERIES_UNCERTAIN = _deliveries(
    OutboxMessage.Status.UNCERTAIN.value,
    ngettext_lazy(
        "%(number)s delivery may or may not have arrived",
        "%(number)s deliveries may or may not have arrived",
        "number",
    ),
)
