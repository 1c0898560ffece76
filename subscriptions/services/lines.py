"""What people can do about the lines of an order, and the round about those nobody looks after.

Whoever acts locks the order first. An add-on never goes on without the line it belongs to: trying
it again tries that again as well, and leaving that leaves the add-on.
"""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_noop

from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.models import OutboxMessage
from portal.outbox.services import hasten
from subscriptions.models import Order, OrderLine, Subscription
from subscriptions.provisioning import fail_line, settle
from subscriptions.services.families import hold, move
from subscriptions.tasks import promise_lines

GIVEN_UP = gettext_noop("It could not be set up in several tries. Deliveries says why.")


@transaction.atomic
def retry_lines(order, *, actor, only=None):
    """Try the failed lines once more, or just the one with the id ``only``; returns them.

    With that line go the failed ones it belongs to, and those that failed because of it.
    """
    order, failed = _failed_lines(order, only)
    if not failed:
        return []
    tried = [
        transition(line, OrderLine.Status.PENDING, actor=actor, error="", attempt=line.attempt + 1)
        for line in failed
    ]
    if order.status != Order.Status.PLACED:
        order = transition(order, Order.Status.PLACED, actor=actor, moved_at=now())
    promise_lines(order, _free_to_go(order, tried))
    return tried


@transaction.atomic
def leave_lines(order, *, actor, only=None):
    """Go on without the failed lines, or without the one with the id ``only``; returns them."""
    order, failed = _failed_lines(order, only, with_bases=False)
    for line in failed:
        call_off(line, actor=actor)
    settle(order, actor=actor)
    return failed


@transaction.atomic
def revive_order(order, *, actor):
    """Have a stuck order go on: what waits is done now, what was lost is promised again.

    Lines whose promise was given up have failed. ``actor`` is None for the regular round. Returns
    the order; raises InvalidTransition when it is not stuck.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not order.is_stuck:
        raise InvalidTransition(order, Order.Status.PLACED)
    pending = order.lines.filter(status=OrderLine.Status.PENDING)
    lines = _free_to_go(order, pending.select_related("subscription"))
    keys = [line.promise_key for line in lines]
    promises = {promise.key: promise for promise in OutboxMessage.objects.filter(key__in=keys)}
    changed = [line for line in lines if _revive(order, line, promises.get(line.promise_key))]
    hasten(keys)
    if actor or changed:
        record("order.revived", actor=actor, target=order, lines=len(lines))
    return settle(order, actor=None) if changed else order


def call_off(line, *, actor):
    """Cancel a line of an order and the subscription it was to set up, with its add-ons."""
    if line.subscription:
        subscription = hold(line.subscription, ending=True)  # a base takes its add-ons along
        if subscription.can_become(Subscription.Status.CANCELLED):
            move(subscription, Subscription.Status.CANCELLED, actor=actor)
    transition(line, OrderLine.Status.CANCELLED, actor=actor)


def _revive(order, line, promise):
    """Whether something had to be done for this line besides ringing."""
    if promise and promise.status == OutboxMessage.Status.FAILED:
        fail_line(order, line, GIVEN_UP)
        return True
    if promise and promise.status != OutboxMessage.Status.DONE:
        return False  # it waits, or somebody is at it
    line.attempt += 1
    line.save(update_fields=["attempt"])
    promise_lines(order, [line])
    return True


def _free_to_go(order, lines):
    """Those of ``lines`` that do not wait for another line of the order."""
    waiting = _pending_subscriptions(order)
    return [line for line in lines if line.subscription.base_id not in waiting]


def _pending_subscriptions(order):
    pending = order.lines.filter(status=OrderLine.Status.PENDING)
    return set(pending.values_list("subscription", flat=True))


def _failed_lines(order, only, *, with_bases=True):
    """The locked order and those of its failed lines that are meant, bases first."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    failed = list(order.lines.filter(status=OrderLine.Status.FAILED).select_related("subscription"))
    return order, _meant(failed, only, with_bases) if only else failed


def _meant(failed, only, with_bases):
    """The failed line ``only`` with its add-ons and, where asked for, what it belongs to."""
    line = next((line for line in failed if line.pk == only), None)
    if line is None:
        return []
    mine, base = line.subscription_id, line.subscription.base_id if with_bases else None
    return [
        other
        for other in failed
        if other == line or other.subscription.base_id == mine or other.subscription_id == base
    ]
