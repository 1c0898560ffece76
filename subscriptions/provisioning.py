"""The worker's part of an order: each line on its own, so that one that fails leaves the rest.

A market that does not answer now is asked again, with growing pauses and an end (the outbox's);
what it refuses fails at once. Add-ons come after what they belong to, and fail with it.
"""

from django.utils.timezone import now
from django.utils.translation import gettext_noop

from portal.lifecycle import transition
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import Later
from subscriptions import marketplace
from subscriptions.models import Order, OrderLine, Subscription

Status = OrderLine.Status
MOST = OrderLine._meta.get_field("error").max_length
NO_BASE = gettext_noop("What this add-on belongs to could not be set up.")


def provision_line(line_id, *, promise):
    """Set up one line and its subscription, unless that has been done or called off.

    Runs in the transaction that marks the promise as done, so it happens once or not at all.
    ``promise(order, lines)`` is called for add-ons whose turn it is now. Returns Later when the
    market is to be asked again, else None.
    """
    order = Order.objects.select_for_update(of=("self",)).get(lines=line_id)
    line = _with_all_it_needs(order).get(pk=line_id)
    if line.status != Status.PENDING or order.status != Order.Status.PLACED:
        return None
    try:
        commitment = marketplace.activate(line)
    except marketplace.Unavailable as trouble:
        return _later(order, line, str(trouble))
    except marketplace.Refused as refusal:
        fail_line(order, line, str(refusal))
    else:
        _activate(line.subscription, commitment)
        transition(line, Status.FULFILLED, actor=None, error="")
        promise(order, order.lines.add_ons_of([line]).filter(status=Status.PENDING))
    settle(order, actor=None)
    return None


def fail_line(order, line, reason):
    """Note why a line of the (locked) order can't be set up; its add-ons can't be either."""
    reason = reason[:MOST]
    transition(line, Status.FAILED, actor=None, error=reason, details={"reason": reason})
    for add_on in order.lines.add_ons_of([line]).filter(status=Status.PENDING):
        fail_line(order, add_on, NO_BASE)


def settle(order, *, actor):
    """Close the (locked) order if no line is under way any more; returns it as it is now."""
    statuses = set(order.lines.values_list("status", flat=True))
    if Status.PENDING in statuses:
        return _moved(order)
    if Status.FAILED in statuses:
        outcome = Order.Status.FAILED
    elif Status.FULFILLED in statuses:
        outcome = Order.Status.COMPLETED
    else:
        outcome = Order.Status.CANCELLED
    return transition(order, outcome, actor=actor) if order.can_become(outcome) else order


def _with_all_it_needs(order):
    return order.lines.select_related("offer", "order__customer", "subscription__base")


def _later(order, line, reason):
    """Keep in mind that the market did not answer; after the last try the line has failed."""
    line.tries = [*line.tries, [now().isoformat(), reason]]
    line.save(update_fields=["tries"])
    promise = OutboxMessage.objects.for_key(line.promise_key).first()
    if not (promise and promise.is_last_try):
        return Later(reason)
    fail_line(order, line, reason)
    settle(order, actor=None)
    return None


def _moved(order):
    """Something has happened: it is not stuck."""
    order.moved_at = now()
    order.save(update_fields=["moved_at"])
    return order


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
