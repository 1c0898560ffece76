"""The worker's part of an order: each line on its own, so that one that fails leaves the rest."""

from django.utils.timezone import now

from portal.lifecycle import transition
from subscriptions import marketplace
from subscriptions.models import Order, OrderLine, Subscription

Status = OrderLine.Status


def provision_line(line_id):
    """Set up one line and its subscription, unless that has been done or called off.

    Runs in the transaction that marks the promise as done, so it happens once or not at all.
    """
    order = Order.objects.select_for_update().get(lines=line_id)
    lines = OrderLine.objects.select_related("offer", "order__customer", "subscription")
    line = lines.get(pk=line_id)
    if line.status != Status.PENDING or order.status != Order.Status.PLACED:
        return
    try:
        commitment = marketplace.activate(line)
    except marketplace.Refused as refusal:
        transition(line, Status.FAILED, actor=None, error=str(refusal))
    else:
        _activate(line.subscription, commitment)
        transition(line, Status.FULFILLED, actor=None, error="")
    settle(order, actor=None)


def settle(order, *, actor):
    """Close the (locked) order if no line is under way any more; returns it as it is now."""
    statuses = set(order.lines.values_list("status", flat=True))
    if Status.PENDING in statuses:
        return order
    if Status.FAILED in statuses:
        outcome = Order.Status.FAILED
    elif Status.FULFILLED in statuses:
        outcome = Order.Status.COMPLETED
    else:
        outcome = Order.Status.CANCELLED
    return transition(order, outcome, actor=actor) if order.can_become(outcome) else order


def _activate(subscription, commitment):
    transition(
        subscription,
        Subscription.Status.ACTIVE,
        actor=None,
        started_on=commitment.started_on,
        ends_on=commitment.ends_on,
        version=subscription.version + 1,
        changed_at=now(),
    )
