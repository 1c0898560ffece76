"""Subscriptions whose time goes by: what the tests of their life have in common."""

from datetime import date, timedelta
from decimal import Decimal

from subscriptions.models import Offer, OfferPrice, Subscription
from subscriptions.services.life import bring_up_to_date
from tests.factories import make_offer, make_subscription

DAY = timedelta(days=1)
START, END = date(2026, 3, 14), date(2027, 3, 14)


def a_year(customer, offer=None, **fields):
    """Ten licenses from 14 March 2026 to 14 March 2027 at 20.60 EUR a month."""
    fields = {"started_on": START, "ends_on": END} | fields
    return make_subscription(customer, offer or make_offer(), **fields)


def a_trial(customer, **fields):
    offer = make_offer("Trial", "0", term="P30D", billing="none", is_trial=True, max_quantity=25)
    terms = {"quantity": 25, "unit_price": Decimal("0"), "auto_renew": False}
    return make_subscription(customer, offer, **terms | fields)


def add_on_to(base, **fields):
    offer = make_offer("Add-on", "3.10", is_add_on=True)
    term = {"started_on": base.started_on, "ends_on": base.ends_on}
    fields = {"unit_price": Decimal("3.10")} | term | fields
    return make_subscription(base.customer, offer, base=base, **fields)


def sell_as(offer, price, **fields):
    """The same thing for another term or billing plan."""
    fields = {"term": offer.term, "billing": offer.billing} | fields
    return make_offer(offer.name, price, sku_id=offer.sku_id, **fields)


def costs_now(offer, price):
    OfferPrice.objects.filter(offer=offer).update(unit_price=Decimal(price))


def withdraw(offer):
    Offer.objects.filter(sku_id=offer.sku_id).update(is_available=False)


def live(subscription, on):
    """The subscription after the round of that day."""
    bring_up_to_date(subscription, on=on)
    return Subscription.objects.get(pk=subscription.pk)
