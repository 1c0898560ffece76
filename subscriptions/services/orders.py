"""Ordering for a customer.

The order, its pending subscriptions and the promise to set them up are one transaction;
everything after that happens in the background, line by line.
"""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.services import confirm_agreement
from customers.services.agreements import SIGNER
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from subscriptions.bases import active_bases, choose_bases
from subscriptions.buying import Buyer
from subscriptions.models import Order, OrderLine, Subscription
from subscriptions.services.lines import call_off
from subscriptions.tasks import promise_lines


class OrderRefused(Exception):
    """Something can't be ordered after all; ``problems`` maps offers to sentences."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("; ".join(problems.values()))


class PricesChanged(Exception):
    """Something costs something else than the person saw, and they have not agreed to that."""


@transaction.atomic
def place_order(
    customer, *, actor, quantities, reseller_of_record, submission, bases=None, prices=None
):
    """Order ``quantities`` (offer id -> licenses) for ``customer``.

    ``reseller_of_record`` is a location's MpnAccount or None. ``submission`` is the UUID of the
    form: the same form submitted again returns the first one's order. ``bases`` says what add-ons
    belong to (offer id -> key, see ``subscriptions.bases``), needed where there are several.
    ``prices`` are those a person agreed to (offer id -> Decimal a license), None: whatever they
    are. Where the customer has not accepted the customer agreement the order waits. Returns the
    order; raises OrderRefused, PricesChanged, or InvalidTransition when the customer is gone.
    """
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if placed := Order.objects.filter(submission=submission, customer=customer).first():
        return placed
    if customer.status != Customer.Status.ACTIVE:
        raise InvalidTransition(customer, Customer.Status.ACTIVE)
    buyer = Buyer.of_customer(customer)
    chosen = _checked(buyer, quantities, prices)
    found = _bases(customer, chosen, bases or {})
    order = _write(customer, actor, buyer.currency, submission)
    _add_lines(order, chosen, found, reseller_of_record)
    waits = {"waits": True} if order.status == Order.Status.WAITING else {}
    record("order.placed", actor=actor, target=order, lines=len(quantities), **waits)
    if order.status == Order.Status.PLACED:
        promise_lines(order, order.lines.to_begin_with())
    return order


@transaction.atomic
def start_order(order, *, actor, accepted_on=None):
    """Set up an order that waited for the customer agreement.

    ``accepted_on`` is the day the customer's primary contact accepted it, if ``actor`` confirms
    that now; all orders that wait start with it. Returns the order. Raises InvalidTransition when
    the order does not wait or the agreement is missing.
    """
    customer = Customer.objects.select_for_update().get(pk=order.customer_id)
    if accepted_on and not customer.may_buy:
        _refuse_unless_waiting(order)
        signer = {name: getattr(customer, name) for name in SIGNER}
        confirm_agreement(customer, actor=actor, accepted_on=accepted_on, signer=signer)
        return Order.objects.get(pk=order.pk)  # it has started with all others
    if not (customer.may_buy and customer.is_active):
        raise InvalidTransition(order, Order.Status.PLACED)
    return _start(order, actor)


def start_waiting_orders(*, customer, actor, **_signal):
    """What waited for the customer's agreement goes on: the customer has just accepted it."""
    waiting = Order.objects.filter(customer=customer, status=Order.Status.WAITING)
    for order in waiting.order_by("pk"):
        _start(order, actor)


@transaction.atomic
def cancel_order(order, *, actor):
    """Take back everything the order bought, while its cancellation window is open.

    Returns the order; raises InvalidTransition when it is too late or done already.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not order.can_cancel:
        raise InvalidTransition(order, Order.Status.CANCELLED)
    for line in order.lines.select_related("subscription"):
        if line.can_become(OrderLine.Status.CANCELLED):
            call_off(line, actor=actor)
    return transition(order, Order.Status.CANCELLED, actor=actor)


def _refuse_unless_waiting(order):
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.status != Order.Status.WAITING:
        raise InvalidTransition(now, Order.Status.PLACED)


def _start(order, actor):
    order = transition(order, Order.Status.PLACED, actor=actor, moved_at=now())
    promise_lines(order, order.lines.to_begin_with())
    return order


def _write(customer, actor, currency, submission):
    return Order.objects.create(
        customer=customer,
        status=Order.Status.PLACED if customer.may_buy else Order.Status.WAITING,
        currency=currency,
        submission=submission,
        placed_by=actor.user,
        **customer.parties,
    )


def _checked(buyer, quantities, prices):
    """The offers with this buyer's prices; raises OrderRefused for what can't be ordered."""
    offers = buyer.offers(quantities).filter(pk__in=quantities).order_by("name_key", "pk")
    chosen = {offer: quantities[offer.pk] for offer in offers}
    problems = buyer.problems(chosen)
    if len(chosen) < len(quantities) or not chosen:
        problems[None] = _("An offer you selected is not sold any more")
    if problems:
        raise OrderRefused(problems)
    if prices is not None and any(prices.get(offer.pk) != offer.price for offer in chosen):
        raise PricesChanged
    return chosen


def _bases(customer, chosen, wanted):
    """What each add-on among the ``chosen`` offers belongs to; raises OrderRefused."""
    active = active_bases(customer) if any(offer.is_add_on for offer in chosen) else []
    found, problems = choose_bases(chosen, active=active, wanted=wanted)
    if problems:
        raise OrderRefused(problems)
    return found


def _add_lines(order, chosen, bases, reseller_of_record):
    """A line with its pending subscription for each offer; add-ons after what they belong to."""
    made = {}
    for offer in sorted(chosen, key=lambda offer: offer.is_add_on):
        base = bases.get(offer)
        belongs_to = base and (base.subscription or made[base.offer])
        made[offer] = _add_line(order, offer, chosen[offer], belongs_to, reseller_of_record)


def _add_line(order, offer, quantity, base, reseller_of_record):
    fixed = {"name": offer.name, "quantity": quantity, "currency": order.currency}
    subscription = Subscription.objects.create(
        customer=order.customer,
        offer=offer,
        base=base,
        unit_price=offer.price,
        term=offer.term,
        billing=offer.billing,
        auto_renew=not offer.is_trial,
        reseller_of_record=reseller_of_record,
        **fixed,
        **order.parties,
    )
    OrderLine.objects.create(
        order=order,
        offer=offer,
        unit_price=offer.price,
        subscription=subscription,
        **fixed,
        **order.parties,
    )
    return subscription
