"""What a term of a subscription is made of: the offer, its price of today, its days."""

from django.utils.timezone import localdate, now

from subscriptions.marketplace import term_end
from subscriptions.models import Offer, Subscription

NOTHING_PLANNED = {"renewal_quantity": None, "renewal_term": "", "renewal_billing": ""}


def sold_as(subscription, *, term="", billing=""):
    """The same thing as it is sold today for this term and billing plan, with its ``price``.

    Empty: those the subscription has. None where it is not sold so, or not in its currency.
    """
    return (
        _sold(subscription)
        .filter(term=term or subscription.term, billing=billing or subscription.billing)
        .first()
    )


def sold_variants(subscription):
    """Every way in which the same thing is sold today, with its ``price``."""
    return _sold(subscription).order_by("term", "billing")


def renewal_offer(subscription):
    """The offer of the next term; None where nothing is left to renew.

    What was planned and is not sold any more is no reason to leave users without their licenses:
    then it goes on as it is. The time to cancel begins anew with the term.
    """
    planned = sold_as(
        subscription, term=subscription.renewal_term, billing=subscription.renewal_billing
    )
    return planned or sold_as(subscription)


def renewal_quantity(subscription):
    """The licenses of the next term: as planned, but never fewer than users have that day."""
    return max(subscription.renewal_quantity or subscription.quantity, subscription.assigned)


def new_term(subscription, offer, *, quantity, start, anchor_day=None):
    """The fields of a subscription whose next term begins on ``start`` with ``offer``."""
    end = term_end(start, offer.term, anchor_day)
    return NOTHING_PLANNED | {
        "offer": offer,
        "term": offer.term,
        "billing": offer.billing,
        "unit_price": offer.price,
        "quantity": quantity,
        "increases": [],
        "started_on": start,
        "ends_on": end,
        "anchor_day": anchor_day or start.day,
        "reminded_for": None,
    }


def resumed(subscription):
    """What changes when a suspended subscription goes on: usually nothing but its state.

    Where its term has run out meanwhile, a new one begins today, because nothing was billed for
    the days in between. None where there is no next term.
    """
    if not subscription.ends_on or subscription.ends_on > localdate():
        return {"reminded_for": None}
    if why_not_renewed(subscription):
        return None
    offer, quantity = renewal_offer(subscription), renewal_quantity(subscription)
    return new_term(subscription, offer, quantity=quantity, start=localdate())


def why_not_renewed(subscription):
    """The Subscription.Ending of one that ends with its term, or None where it renews."""
    if subscription.offer.is_trial:
        return Subscription.Ending.TRIAL
    if not subscription.auto_renew:
        return Subscription.Ending.NOT_RENEWED
    return None if renewal_offer(subscription) else Subscription.Ending.WITHDRAWN


def _sold(subscription):
    """Priced for the customer's country and for the licenses of the next term."""
    country, licenses = subscription.customer.country, renewal_quantity(subscription)
    offers = Offer.objects.priced_in(subscription.currency, market=country, quantity=licenses)
    return offers.exclude(price=None).filter(sku_id=subscription.offer.sku_id, is_available=True)


def begin(subscription, fields):
    """Write the ``fields`` of a term that begins, as one more version of a held subscription."""
    for name, value in fields.items():
        setattr(subscription, name, value)
    subscription.version += 1
    subscription.changed_at = now()
    subscription.save(update_fields=[*fields, "version", "changed_at"])


def in_words(subscription):
    """What the record keeps of a term: "licenses 10, P1Y, monthly, 20.60 EUR until 2027-11-26"."""
    price = f"{subscription.unit_price} {subscription.currency}"
    plan = f"{subscription.term}, {subscription.billing}, {price}"
    return f"licenses {subscription.quantity}, {plan} until {subscription.ends_on}"
