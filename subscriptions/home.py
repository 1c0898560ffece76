"""What *Home* shows each side: where to begin, what needs attention, what was left half done.

Every line leads to a list, and its number is the number of rows there: both come from the same
filter.
"""

from django.urls import reverse as public_reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer, DelegatedAdmin
from partners.models import PartnerProfile, Partnership, PartnershipRequest
from portal.accounts.roles import Kind
from portal.accounts.roles import Permission as P
from portal.links import reverse
from portal.lists import COUNT_LIMIT
from portal.outbox.models import OutboxMessage
from subscriptions.filters import OrderFilter, SubscriptionFilter
from subscriptions.models import Order, OrderDraft, Subscription

MOST_DRAFTS = 5
MOST_SUBSCRIPTIONS = 10


def home_of(membership):
    """The context of the page for this member of an organization."""
    build = {Kind.PROVIDER: _provider, Kind.RESELLER: _reseller, Kind.CUSTOMER: _customer}
    return build[Kind(membership.organization.kind)](membership)


def _provider(membership):
    drafts = OrderDraft.objects.visible_to(membership).open().select_related("created_by")
    return {
        "tasks": [_profile(membership), _resellers(membership), _customers(membership)],
        "attention": list(filter(None, _attention(membership))),
        "drafts": drafts[:MOST_DRAFTS],
    }


def _reseller(membership):
    active = Partnership.objects.visible_to(membership).active()
    providers = _count(active)
    subscriptions = _count(Subscription.objects.visible_to(membership))
    shown = ngettext("%(number)s subscription", "%(number)s subscriptions", subscriptions)
    known = ngettext("%(number)s provider", "%(number)s providers", providers)
    page, label = "subscriptions:subscription_list", _("Subscriptions")
    return {
        "tasks": [
            _task(membership, "partners:provider_list", _("Indirect providers"), known, providers),
            _customers(membership),
            _task(membership, page, label, shown, subscriptions),
        ],
        "attention": _agreement(membership),
    }


def _customer(membership):
    own = Subscription.objects.visible_to(membership).with_partners()
    shown = own.order_by("-created_at", "-pk")[:MOST_SUBSCRIPTIONS]
    granted = DelegatedAdmin.objects.visible_to(membership)
    return {
        "subscriptions": shown,
        "helpers": _helpers(shown),
        "admins": granted.filter(status=DelegatedAdmin.Status.GRANTED).select_related("partner"),
        "attention": [],
    }


def _helpers(subscriptions):
    """Who supports which of the subscriptions, with phone and mail."""
    contacts = {}
    for subscription in subscriptions:
        contact = subscription.support_contact or subscription.provider
        contacts.setdefault(contact, []).append(subscription.name)
    known = PartnerProfile.objects.filter(organization__in=contacts)
    profiles = {profile.organization_id: profile for profile in known}
    return [
        {"contact": contact, "profile": profiles.get(contact.pk), "names": names}
        for contact, names in contacts.items()
    ]


def _profile(membership):
    organization = membership.organization
    profile = PartnerProfile.objects.filter(organization=organization).first()
    listed = bool(profile and profile.listed)
    url = public_reverse("provider_profile", args=[organization.slug])
    return {
        "label": _("Review your company's profile on the official providers list"),
        "url": url if listed else public_reverse("provider_directory"),
        "status": _("Listed") if listed else _("Not listed"),
    }


def _resellers(membership):
    number = _count(Partnership.objects.visible_to(membership).active())
    words = ngettext("%(number)s reseller", "%(number)s resellers", number)
    label = _("Connect with indirect resellers")
    return _task(membership, "partners:reseller_list", label, words, number)


def _customers(membership):
    number = _count(Customer.objects.visible_to(membership))
    words = ngettext("%(number)s customer", "%(number)s customers", number)
    is_provider = membership.organization.kind == Kind.PROVIDER
    label = _("Connect with customers") if is_provider else _("Customers")
    return _task(membership, "customers:customer_list", label, words, number)


def _task(membership, page, label, words, number):
    status = words % {"number": number} if number else _("Not started")
    url = reverse(page, organization=membership.organization)
    return {"label": label, "url": url, "status": status}


def _attention(membership):
    yield _pending_requests(membership)
    yield _unsigned_resellers(membership)
    if membership.can(P.PLACE_ORDER):
        yield _orders(membership, Order.Status.FAILED)
        yield _orders(membership, Order.Status.WAITING)
    yield _without_reseller(membership)
    yield _renewals(membership)
    yield _deliveries(membership)


def _pending_requests(membership):
    number = _count(PartnershipRequest.objects.visible_to(membership).pending())
    words = ngettext(
        "%(number)s partnership request is pending",
        "%(number)s partnership requests are pending",
        number,
    )
    return _line(membership, words, number, "partners:reseller_list", view="pending")


def _unsigned_resellers(membership):
    active = Partnership.objects.visible_to(membership).active()
    number = _count(active.filter(reseller__partner__agreement_signed_at__isnull=True))
    words = ngettext(
        "%(number)s reseller has not signed the partner agreement",
        "%(number)s resellers have not signed the partner agreement",
        number,
    )
    return _line(membership, words, number, "partners:reseller_list", agreement="missing")


def _orders(membership, status):
    orders = Order.objects.visible_to(membership)
    number = _count(OrderFilter({"status": status}).apply(orders))
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


def _without_reseller(membership):
    words = ngettext(
        "%(number)s subscription has no indirect reseller",
        "%(number)s subscriptions have no indirect reseller",
        number := _count_subscriptions(membership, reseller="none"),
    )
    return _line(membership, words, number, "subscriptions:subscription_list", reseller="none")


def _renewals(membership):
    words = ngettext(
        "%(number)s subscription renews or ends within 30 days",
        "%(number)s subscriptions renew or end within 30 days",
        number := _count_subscriptions(membership, renewal="soon"),
    )
    return _line(membership, words, number, "subscriptions:subscription_list", renewal="soon")


def _deliveries(membership):
    failed = OutboxMessage.Status.FAILED
    number = _count(OutboxMessage.objects.visible_to(membership).filter(status=failed))
    words = ngettext("%(number)s delivery has failed", "%(number)s deliveries have failed", number)
    return _line(membership, words, number, "outbox:message_list", status=failed.value)


def _agreement(membership):
    """A reseller whose partner agreement is missing can't be used by anybody."""
    profile = PartnerProfile.objects.filter(organization=membership.organization).first()
    if profile and profile.agreement_signed:
        return []
    page = "partners:agreement" if membership.can(P.ACCEPT_AGREEMENT) else ""
    url = reverse(page, organization=membership.organization) if page else ""
    return [{"text": _("Your company has not signed the partner agreement"), "url": url}]


def _line(membership, words, number, page, **query):
    if not number:
        return None
    url = reverse(page, organization=membership.organization, **query)
    return {"text": words % {"number": number}, "url": url}


def _count_subscriptions(membership, **query):
    filters = SubscriptionFilter(query, membership=membership)
    return _count(filters.apply(Subscription.objects.visible_to(membership)))


def _count(rows):
    """How many rows there are, as far as the lists count."""
    return min(rows.order_by()[: COUNT_LIMIT + 1].count(), COUNT_LIMIT)
