"""Ordering for a customer.

The order, its pending subscriptions and the promise to set them up are one transaction;
everything after that happens in the background, line by line.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.services import confirm_agreement
from customers.services.agreements import SIGNER
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue
from subscriptions.buying import Buyer
from subscriptions.models import Order, OrderLine, Subscription
from subscriptions.provisioning import settle
from subscriptions.services.families import hold, move
from subscriptions.tasks import provision_line


class OrderRefused(Exception):
    """Something can't be ordered after all; ``problems`` maps offers to sentences."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("; ".join(problems.values()))


@transaction.atomic
def place_order(customer, *, actor, quantities, reseller_of_record, submission):
    """Order ``quantities`` (offer id -> licenses) for ``customer``.

    ``reseller_of_record`` is a location's MpnAccount or None. ``submission`` is the UUID of the
    form: the same form submitted again returns the first one's order. Where the customer has not
    accepted the customer agreement the order waits. Returns the order; raises OrderRefused, or
    InvalidTransition when the customer is gone.
    """
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if placed := Order.objects.filter(submission=submission, customer=customer).first():
        return placed
    if customer.status != Customer.Status.ACTIVE:
        raise InvalidTransition(customer, Customer.Status.ACTIVE)
    order = _write(customer, actor, quantities, reseller_of_record, submission)
    record("order.placed", actor=actor, target=order, lines=len(quantities))
    if order.status == Order.Status.PLACED:
        _promise(order, order.lines.all())
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
def retry_lines(order, *, actor, only=None):
    """Try the failed lines once more, or just the one with the id ``only``; returns them."""
    order, failed = _failed_lines(order, only)
    if not failed:
        return []
    tried = [
        transition(line, OrderLine.Status.PENDING, actor=actor, error="", attempt=line.attempt + 1)
        for line in failed
    ]
    if order.status != Order.Status.PLACED:
        order = transition(order, Order.Status.PLACED, actor=actor)
    _promise(order, tried)
    return tried


@transaction.atomic
def leave_lines(order, *, actor, only=None):
    """Go on without the failed lines, or without the one with the id ``only``; returns them."""
    order, failed = _failed_lines(order, only)
    for line in failed:
        _call_off(line, actor=actor)
    settle(order, actor=actor)
    return failed


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
            _call_off(line, actor=actor)
    return transition(order, Order.Status.CANCELLED, actor=actor)


def _refuse_unless_waiting(order):
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.status != Order.Status.WAITING:
        raise InvalidTransition(now, Order.Status.PLACED)


def _start(order, actor):
    order = transition(order, Order.Status.PLACED, actor=actor)
    _promise(order, order.lines.all())
    return order


def _write(customer, actor, quantities, reseller_of_record, submission):
    buyer = Buyer.of_customer(customer)
    chosen = _checked(buyer, quantities)
    order = Order.objects.create(
        customer=customer,
        status=Order.Status.PLACED if customer.may_buy else Order.Status.WAITING,
        currency=buyer.currency,
        submission=submission,
        placed_by=actor.user,
        **customer.parties,
    )
    for offer, quantity in chosen.items():
        _add_line(order, offer, quantity, reseller_of_record)
    return order


def _checked(buyer, quantities):
    """The offers with this buyer's prices; raises OrderRefused for what can't be ordered."""
    offers = buyer.offers().filter(pk__in=quantities).order_by("name_key", "pk")
    chosen = {offer: quantities[offer.pk] for offer in offers}
    problems = buyer.problems(chosen)
    if len(chosen) < len(quantities) or not chosen:
        problems[None] = _("An offer you selected is not sold any more")
    if problems:
        raise OrderRefused(problems)
    return chosen


def _failed_lines(order, only):
    """The locked order and those of its failed lines that are meant."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    failed = order.lines.filter(status=OrderLine.Status.FAILED).select_related("subscription")
    return order, list(failed.filter(pk=only) if only else failed)


def _add_line(order, offer, quantity, reseller_of_record):
    fixed = {"name": offer.name, "quantity": quantity, "currency": order.currency}
    subscription = Subscription.objects.create(
        customer=order.customer,
        offer=offer,
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


def _promise(order, lines):
    for line in lines:
        names = {"offer": line.name, "customer": order.customer.company_name}
        enqueue(
            provision_line,
            organization=order.provider,
            key=f"orderline:{line.pk}:{line.attempt}",
            subject=(_("%(offer)s for %(customer)s") % names)[:200],
            line_id=line.pk,
        )


def _call_off(line, *, actor):
    if line.subscription:
        subscription = hold(line.subscription, ending=True)  # a base takes its add-ons along
        if subscription.can_become(Subscription.Status.CANCELLED):
            move(subscription, Subscription.Status.CANCELLED, actor=actor)
    transition(line, OrderLine.Status.CANCELLED, actor=actor)
