"""What a partnership carries: rows of apps that stand on top of this one, counted.

Imports point the other way, so their models are looked up by name, here and nowhere else.
"""

from functools import cache

from django.apps import apps
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

OPEN_ORDERS = ("waiting", "placed")
LIVE_SUBSCRIPTIONS = ("pending", "active", "suspended")


@cache  # an expression is never changed, and building one takes a while
def customers_between(provider, reseller):
    """A subquery: how many active customers the two companies in these columns share."""
    shared = _rows("customers.Customer").filter(
        provider=OuterRef(provider), reseller=OuterRef(reseller), status="active"
    )
    counted = shared.order_by().values("reseller").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def figures(partnership, membership):
    """The partnership in numbers, as ``membership`` may see them; a dict of whole numbers."""
    rows = rows_between(partnership, membership)
    return {name: found.count() for name, found in rows.items()}


def rows_between(partnership, membership):
    """The rows behind the figures, as ``membership`` may see them; a dict of querysets."""
    customers = _visible("customers.Customer", membership).filter(
        provider=partnership.provider_id, reseller=partnership.reseller_id, status="active"
    )
    grants = _visible("customers.DelegatedAdmin", membership).filter(
        provider=partnership.provider_id, partner=partnership.reseller_id, status="granted"
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


def _rows(label):
    return apps.get_model(label)._base_manager.all()


def _visible(label, membership):
    return apps.get_model(label).objects.visible_to(membership)
