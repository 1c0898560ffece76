"""What needs attention on *Home*.

Every line leads to a list, and its number is the number of rows there: both come from the same
filter.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import AdminRenewal
from partners.models import MpnAccount, PartnerProfile, Partnership, PartnershipRequest
from portal.accounts.roles import Permission as P
from portal.links import reverse
from portal.lists import capped_count
from portal.outbox.models import OutboxMessage
from subscriptions import worklists
from subscriptions.filters import STUCK, OrderFilter
from subscriptions.license_filters import LicenseRequestFilter
from subscriptions.models import LicenseRequest, Order, OrderRequest
from subscriptions.order_request_forms import OrderRequestFilter


def of_provider(membership):
    """The lines of a provider's Home; None where there is nothing to say."""
    yield _expiring_requests(membership)
    yield _undelivered_requests(membership)
    yield _unsigned_resellers(membership)
    if membership.can(P.PLACE_ORDER):
        yield _stuck_orders(membership)
        yield _orders(membership, Order.Status.FAILED)
        yield _orders(membership, Order.Status.WAITING)
        yield _order_requests(membership)
    if membership.can(P.CHANGE_SUBSCRIPTION):
        yield _license_requests(membership)
    yield _without_reseller(membership)
    yield _former_partners(membership)
    yield _renewals(membership)
    yield _windows(membership)
    yield _deliveries(membership)


def _expiring_requests(membership):
    number = capped_count(PartnershipRequest.objects.visible_to(membership).expiring())
    words = ngettext(
        "%(number)s partnership request expires within 7 days",
        "%(number)s partnership requests expire within 7 days",
        number,
    )
    return _requests(membership, words, number, "expiring")


def _undelivered_requests(membership):
    number = capped_count(PartnershipRequest.objects.visible_to(membership).undelivered())
    words = ngettext(
        "%(number)s partnership request could not be delivered",
        "%(number)s partnership requests could not be delivered",
        number,
    )
    return _requests(membership, words, number, "undelivered")


def _requests(membership, words, number, attention):
    page = "partners:reseller_list"
    return _line(membership, words, number, page, view="pending", attention=attention)


def _unsigned_resellers(membership):
    active = Partnership.objects.visible_to(membership).active()
    number = capped_count(active.filter(reseller__partner__agreement_signed_at__isnull=True))
    words = ngettext(
        "%(number)s reseller has not signed the partner agreement",
        "%(number)s resellers have not signed the partner agreement",
        number,
    )
    return _line(membership, words, number, "partners:reseller_list", agreement="missing")


def _stuck_orders(membership):
    orders = Order.objects.visible_to(membership)
    number = capped_count(OrderFilter({"status": STUCK}).apply(orders))
    words = ngettext("%(number)s order is stuck", "%(number)s orders are stuck", number)
    return _line(membership, words, number, "subscriptions:order_list", status=STUCK)


def _orders(membership, status):
    orders = Order.objects.visible_to(membership)
    number = capped_count(OrderFilter({"status": status}).apply(orders))
    words = ngettext(
        "%(number)s order is partly failed", "%(number)s orders are partly failed", number
    )
    if status == Order.Status.WAITING:
        words = ngettext(
            "%(number)s order waits for the customer agreement",
            "%(number)s orders wait for the customer agreement",
            number,
        )
    return _line(membership, words, number, "subscriptions:order_list", status=status.value)


def _order_requests(membership):
    requests = OrderRequest.objects.visible_to(membership)
    status = OrderRequest.Status.OPEN.value
    number = capped_count(OrderRequestFilter({"status": status}).apply(requests))
    words = ngettext(
        "%(number)s reseller's request to order waits for an answer",
        "%(number)s resellers' requests to order wait for an answer",
        number,
    )
    return _line(membership, words, number, "subscriptions:order_request_list", status=status)


def _license_requests(membership):
    filters = LicenseRequestFilter({"status": LicenseRequest.Status.OPEN}, membership=membership)
    number = capped_count(filters.apply(LicenseRequest.objects.visible_to(membership)))
    words = ngettext(
        "%(number)s license request waits for an answer",
        "%(number)s license requests wait for an answer",
        number,
    )
    page, status = "subscriptions:license_request_list", LicenseRequest.Status.OPEN.value
    return _line(membership, words, number, page, status=status)


def _without_reseller(membership):
    words = ngettext(
        "%(number)s subscription has no indirect reseller",
        "%(number)s subscriptions have no indirect reseller",
        number := worklists.count(membership, "unnamed"),
    )
    return _work(membership, words, number, "unnamed")


def _former_partners(membership):
    words = ngettext(
        "%(number)s subscription names a partner whose partnership has ended",
        "%(number)s subscriptions name a partner whose partnership has ended",
        number := worklists.count(membership, "ended"),
    )
    return _work(membership, words, number, "ended")


def _renewals(membership):
    words = ngettext(
        "%(number)s subscription renews or ends within 30 days",
        "%(number)s subscriptions renew or end within 30 days",
        number := worklists.count(membership, "renewal"),
    )
    return _work(membership, words, number, "renewal")


def _windows(membership):
    words = ngettext(
        "%(number)s subscription has a cancellation window that closes within 3 days",
        "%(number)s subscriptions have a cancellation window that closes within 3 days",
        number := worklists.count(membership, "window"),
    )
    return _work(membership, words, number, "window")


def _deliveries(membership):
    failed = OutboxMessage.Status.FAILED
    number = capped_count(OutboxMessage.objects.visible_to(membership).filter(status=failed))
    words = ngettext("%(number)s delivery has failed", "%(number)s deliveries have failed", number)
    return _line(membership, words, number, "outbox:message_list", status=failed.value)


def of_reseller(membership):
    """What customers ask a reseller for, and what it lacks to do business with anybody."""
    if membership.can(P.CHANGE_SUBSCRIPTION) and (line := _license_requests(membership)):
        yield line
    organization = membership.organization
    profile = PartnerProfile.objects.filter(organization=organization).first()
    if not (profile and profile.agreement_signed):
        text = _("Your company has not signed the partner agreement")
        yield {"text": text, "url": reverse("partners:agreement", organization=organization)}
    if not MpnAccount.objects.locations().filter(organization=organization).exists():
        text = _("Your company has no MPN ID of a Partner Location Account")
        yield {"text": text, "url": reverse("partners:identifier_list", organization=organization)}


def of_customer(membership):
    """What partners wait for."""
    number = capped_count(AdminRenewal.objects.visible_to(membership).pending())
    words = ngettext(
        "%(number)s partner asks to keep its delegated admin privileges",
        "%(number)s partners ask to keep their delegated admin privileges",
        number,
    )
    line = _line(membership, words, number, "customers:partner_list")
    return [line] if line else []


def _line(membership, words, number, page, **query):
    if not number:
        return None
    url = reverse(page, organization=membership.organization, **query)
    return {"text": words % {"number": number}, "url": url}


def _work(membership, words, number, name):
    """A line that leads to one of the work lists of *Subscriptions*."""
    query = worklists.WORK_LISTS[name].query
    return _line(membership, words, number, worklists.PAGE, **query)
