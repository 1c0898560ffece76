"""What *Home* shows a customer: what waits, its subscriptions by provider, who helps, who may
administer."""

from typing import NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer, DelegatedAdmin
from portal.accounts.models import Organization
from portal.links import reverse
from portal.lists import capped_count
from portal.references import encode
from subscriptions import attention
from subscriptions.conditions import NOT_OVER
from subscriptions.helping import helpers_of, running, with_helpers
from subscriptions.license_filters import RECENT, LicenseRequestFilter
from subscriptions.models import LicenseRequest, Order, Subscription

MOST_PROVIDERS = 5
MOST_SUBSCRIPTIONS = 5  # of each provider
MOST_HELPED = 50  # subscriptions whose helpers are named; their page knows them all


class Sold(NamedTuple):
    """What one provider sells to the customer: the latest few, how many there are, and where."""

    provider: object
    shown: list
    count: int
    url: str


def customer_home(membership):
    """The context of the page."""
    own = running(Subscription.objects.visible_to(membership))
    helped = with_helpers(own).order_by("name", "pk")[:MOST_HELPED]
    return {
        "sold": list(_by_provider(membership, own)),
        "helpers": helpers_of(helped),
        "admins": _admins(membership),
        "attention": waiting_for_customer(membership),
    }


def _admins(membership):
    """Grants of those that can administer the account, each company once: the longest."""
    granted = DelegatedAdmin.objects.visible_to(membership).granted().select_related("partner")
    return list({right.partner_id: right for right in granted.order_by("ends_at")}.values())


def _by_provider(membership, own):
    counts = own.order_by().values_list("provider").annotate(Count("pk")).order_by("provider")
    numbers = dict(counts[:MOST_PROVIDERS])
    providers = Organization.objects.filter(pk__in=numbers).order_by("name", "pk")
    page, organization = "subscriptions:subscription_list", membership.organization
    for provider in providers:
        latest = own.filter(provider=provider).order_by("-created_at", "-pk")
        query = {"provider": encode("R", provider.pk), "status": NOT_OVER}
        url = reverse(page, organization=organization, **query)
        yield Sold(provider, list(latest[:MOST_SUBSCRIPTIONS]), numbers[provider.pk], url)


def waiting_for_customer(membership):
    """The lines of *Needs attention* of a customer's Home: dicts with ``text`` and ``url``."""
    return list(filter(None, _waiting(membership)))


def _waiting(membership):
    """What waits for the person, or for whom they wait; None where there is nothing to say."""
    yield from _agreements(membership)
    yield from attention.of_customer(membership)
    open_, recent = LicenseRequest.Status.OPEN, RECENT
    words = ngettext(
        "%(number)s license request waits for your partner's answer",
        "%(number)s license requests wait for your partner's answer",
        number := _requests(membership, open_),
    )
    yield _line(membership, words, number, open_)
    words = ngettext(
        "%(number)s license request was answered within 14 days",
        "%(number)s license requests were answered within 14 days",
        number := _requests(membership, recent),
    )
    yield _line(membership, words, number, recent)


def _agreements(membership):
    """Orders wait until the customer agreement is accepted."""
    missing = Customer.objects.visible_to(membership).active()
    if not missing.exclude(agreement=Customer.Agreement.ACCEPTED).exists():
        return
    orders = Order.objects.visible_to(membership).filter(status=Order.Status.WAITING)
    number = capped_count(orders)
    words = ngettext(
        "Accept the customer agreement: %(number)s order waits for it",
        "Accept the customer agreement: %(number)s orders wait for it",
        number,
    )
    text = words % {"number": number} if number else _("Accept the customer agreement")
    url = reverse("customers:own_agreement", organization=membership.organization)
    yield {"text": text, "url": url}


def _requests(membership, status):
    filters = LicenseRequestFilter({"status": status}, membership=membership)
    return capped_count(filters.apply(LicenseRequest.objects.visible_to(membership)))


def _line(membership, words, number, status):
    if not number:
        return None
    page, organization = "subscriptions:license_request_list", membership.organization
    url = reverse(page, organization=organization, status=str(status))
    return {"text": words % {"number": number}, "url": url}
