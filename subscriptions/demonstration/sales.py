"""What the customers have bought."""

from datetime import timedelta

from django.utils.timezone import localdate

from partners.models import MpnAccount
from portal.countries import countries
from subscriptions.models import Offer, Order, OrderLine, Subscription


def known_offers():
    """What customers have: the well-known offers, with their price in every currency."""
    offers = Offer.objects.filter(is_available=True, is_trial=False, is_add_on=False)
    offers = offers.filter(category__in=["small_business", "enterprise"]).prefetch_related("prices")
    return [
        (offer, {price.currency: price.unit_price for price in offer.prices.all()})
        for offer in offers.order_by("pk")[:12]
    ]


def sell(customers, offers, creator, chance):
    """Let each of ``customers`` have bought up to three of ``offers`` on their first day."""
    wanted = [
        (_order(customer, creator), _sold_to(customer, chance.sample(offers, chance.randrange(4))))
        for customer in customers
    ]
    Order.objects.bulk_create(order for order, sold in wanted if sold)
    pairs = [
        (order, _subscription(order, offer, price, chance))
        for order, sold in wanted
        for offer, price in sold
    ]
    Subscription.objects.bulk_create(subscription for _, subscription in pairs)
    OrderLine.objects.bulk_create(_line(order, subscription) for order, subscription in pairs)


def _order(customer, creator):
    return Order(
        customer=customer,
        status=Order.Status.COMPLETED,
        currency=countries()[customer.country].currency,
        placed_by=creator,
        placed_at=customer.created_at,
        **customer.parties,
    )


def _sold_to(customer, offers):
    """Which of ``offers`` have a price where the customer is, and that price."""
    currency = countries()[customer.country].currency
    return [(offer, prices[currency]) for offer, prices in offers if currency in prices]


def _subscription(order, offer, price, chance):
    customer, started = order.customer, order.placed_at.date()
    served = customer.reseller if chance.random() < 0.9 else None
    return Subscription(
        customer=customer,
        offer=offer,
        name=offer.name,
        quantity=min(offer.max_quantity, chance.choice([1, 3, 5, 10, 25, 40, 120])),
        status=Subscription.Status.ACTIVE,
        unit_price=price,
        currency=order.currency,
        term=offer.term,
        billing=offer.billing,
        started_on=started,
        ends_on=localdate() + timedelta(days=chance.randrange(5, 360)),
        reseller_of_record=served and _location(served),
        support_contact=served if chance.random() < 0.5 else None,
        created_at=order.placed_at,
        changed_at=order.placed_at,
        **order.parties,
    )


def _location(reseller):
    if not hasattr(reseller, "known_location"):
        reseller.known_location = reseller.mpn_accounts.get(type=MpnAccount.Type.LOCATION)
    return reseller.known_location


def _line(order, subscription):
    return OrderLine(
        order=order,
        offer_id=subscription.offer_id,
        name=subscription.name,
        quantity=subscription.quantity,
        unit_price=subscription.unit_price,
        currency=subscription.currency,
        status=OrderLine.Status.FULFILLED,
        subscription=subscription,
        **order.parties,
    )
