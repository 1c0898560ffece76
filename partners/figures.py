"""What a partnership carries: rows of apps that stand on top of this one, counted.

Imports point the other way, so their models are looked up by name, here and nowhere else.
"""

from functools import cache

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

OPEN_ORDERS = ("waiting", "placed")
LIVE_SUBSCRIPTIONS = ("pending", "active", "suspended")


@cache  # an expression is never changed, and building one takes a while
def customers_between(provider, reseller):
    """A subquery: how many active customers the two companies in these columns share."""
    return _number_of(_shared_customers(provider, reseller))


def have_customers(provider, reseller):
    """A condition: the two companies in these columns share at least one active customer."""
    return Exists(_shared_customers(provider, reseller))


@cache
def subscriptions_between(provider, reseller):
    """A subquery: how many subscriptions of their shared customers are not over."""
    shared = _rows("subscriptions.Subscription").filter(
        provider=OuterRef(provider), reseller=OuterRef(reseller), status__in=LIVE_SUBSCRIPTIONS
    )
    return _number_of(shared)


def figures(partnership, membership):
    """The partnership in numbers, as ``membership`` may see them; a dict of whole numbers."""
    rows = rows_between(partnership, membership)
    return {name: found.count() for name, found in rows.items()}


def rows_between(partnership, membership):
    """The rows behind the figures, as ``membership`` may see them; a dict of querysets."""
    customers = _visible("customers.Customer", membership).filter(
        provider=partnership.provider_id, reseller=partnership.reseller_id, status="active"
    )
    grants = (
        _visible("customers.DelegatedAdmin", membership)
        .granted()
        .filter(provider=partnership.provider_id, partner=partnership.reseller_id)
    )
    subscriptions = _visible("subscriptions.Subscription", membership).filter(
        provider=partnership.provider_id, status__in=LIVE_SUBSCRIPTIONS
    )
    record = subscriptions.filter(reseller_of_record__organization=partnership.reseller_id)
    support = subscriptions.filter(support_contact=partnership.reseller_id)
    shared = subscriptions.filter(reseller=partnership.reseller_id)
    orders = _visible("subscriptions.Order", membership).filter(
        provider=partnership.provider_id, reseller=partnership.reseller_id, status__in=OPEN_ORDERS
    )
    return {
        "customers": customers,
        "grants": grants,
        "subscriptions": shared,
        "of_record": record,
        "supported": support,
        "open_orders": orders,
    }


def involvement(partnership, membership):
    """How far the reseller is involved, each number that of the rows one filtered list shows.

    Whole numbers by name: ``customers`` it looks after, those where it has no admin rights
    (``unadministered``), those that made it tenant owner (``owned``), their ``subscriptions`` that
    are not over;
    subscriptions anywhere that name it as reseller ``of_record`` or as support contact
    (``supported``); and of its customers' the ones ``without_record`` and those the provider
    supports itself (``own_support``).
    """
    reseller = partnership.reseller_id
    customers = _visible("customers.Customer", membership).filter(
        provider=partnership.provider_id, reseller=reseller, status="active"
    )
    granted = _held("customers.DelegatedAdmin", membership, reseller)
    owned = _held("customers.TenantOwner", membership, reseller)
    subscriptions = _visible("subscriptions.Subscription", membership).filter(
        provider=partnership.provider_id, status__in=LIVE_SUBSCRIPTIONS
    )
    served = Q(reseller=reseller)
    counted = subscriptions.aggregate(
        subscriptions=Count("pk", filter=served),
        of_record=Count("pk", filter=Q(reseller_of_record__organization=reseller)),
        supported=Count("pk", filter=Q(support_contact=reseller)),
        without_record=Count("pk", filter=served & Q(reseller_of_record__isnull=True)),
        own_support=Count("pk", filter=served & Q(support_contact__isnull=True)),
    )
    return counted | customers.aggregate(
        customers=Count("pk"),
        unadministered=Count("pk", filter=~Exists(granted)),
        owned=Count("pk", filter=Exists(owned)),
    )


def _shared_customers(provider, reseller):
    return _rows("customers.Customer").filter(
        provider=OuterRef(provider), reseller=OuterRef(reseller), status="active"
    )


def _number_of(rows):
    counted = rows.order_by().values("reseller").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _rows(label):
    return apps.get_model(label)._base_manager.all()


def _held(label, membership, partner):
    """What ``partner`` was granted by the customer of the outer row, and still has."""
    grants = _visible(label, membership).granted()
    return grants.filter(customer=OuterRef("pk"), partner=partner)


def _visible(label, membership):
    return apps.get_model(label).objects.visible_to(membership)
