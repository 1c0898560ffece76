"""A reseller asks the provider to order; the provider orders, or declines (``domain.md`` 1b).

A decision locks the request first, and the customer after it.
"""

from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from subscriptions.models import OrderRequest
from subscriptions.services import telling_orders as telling
from subscriptions.services.answering import RequestRefused, refuse_late
from subscriptions.services.orders import place_order

Status = OrderRequest.Status


@transaction.atomic
def ask_to_order(customer, *, actor, lines, note="", submission):
    """The reseller's request to order ``lines`` for ``customer``; returns the OrderRequest.

    ``lines`` maps ids of offers to {"quantity": licenses, "base": key of an add-on's base}. A
    second press of the button, with the same ``submission`` (a UUID), returns the first one's
    request. Raises RequestRefused when the company has asked for this customer already.
    """
    mine = OrderRequest.objects.filter(customer=customer, asked_for=actor.organization_id)
    if asked := mine.filter(submission=submission).first():
        return asked
    for late in mine.run_out():  # the regular round may not have come by yet
        with suppress(InvalidTransition):
            expire_order_request(late)
    try:
        with transaction.atomic():
            asked = _write(customer, actor, lines, note, submission)
    except IntegrityError:
        return _asked_meanwhile(mine, submission)
    record("orderrequest.asked", actor=actor, target=asked, lines=len(lines))
    telling.order_asked(asked)
    return asked


@transaction.atomic
def approve_order_request(request, *, actor, submission, **order):
    """The provider's yes: what it orders with ``order`` (as ``place_order`` takes it).

    What is ordered may differ from what was asked for. A second press of the button, with the same
    ``submission``, returns the first one's order. Returns the order; raises what ``place_order``
    raises, RequestRefused when the customer has another reseller by now, and InvalidTransition
    when somebody was faster or it is too late.
    """
    locked = refuse_late(request, Status.APPROVED)
    if locked.order_id and locked.order.submission == submission:
        return locked.order
    if not locked.can_become(Status.APPROVED):
        raise InvalidTransition(locked, Status.APPROVED)
    if locked.reseller_id != locked.asked_for_id:
        raise RequestRefused(_("The customer is no longer this reseller's. Decline the request."))
    placed = place_order(locked.customer, actor=actor, submission=submission, **order)
    answer = {"decided_by": actor.user, "decided_at": now(), "order": placed}
    telling.order_decided(transition(locked, Status.APPROVED, actor=actor, **answer))
    return placed


@transaction.atomic
def decline_order_request(request, *, actor, reason):
    """The provider's no, with the reason the reseller reads. Raises InvalidTransition."""
    refuse_late(request, Status.DECLINED)
    answer = {"decided_by": actor.user, "decided_at": now(), "decline_reason": reason}
    declined = transition(request, Status.DECLINED, actor=actor, **answer)
    telling.order_decided(declined)
    return declined


@transaction.atomic
def withdraw_order_request(request, *, actor):
    """The reseller takes it back before it is answered. Raises InvalidTransition."""
    refuse_late(request, Status.WITHDRAWN)
    withdrawn = transition(request, Status.WITHDRAWN, actor=actor)
    telling.order_withdrawn(withdrawn)
    return withdrawn


@transaction.atomic
def expire_order_request(request):
    """Nobody answered in time: the system notes it. Raises InvalidTransition when it is not so."""
    if not request.has_expired:
        raise InvalidTransition(request, Status.EXPIRED)
    expired = transition(request, Status.EXPIRED, actor=None)
    telling.order_expired(expired)
    return expired


def _write(customer, actor, lines, note, submission):
    return OrderRequest.objects.create(
        customer=customer,
        asked_for=actor.organization,
        lines={str(pk): line for pk, line in lines.items()},
        note=note,
        submission=submission,
        asked_by=actor.user,
        **customer.parties,
    )


def _asked_meanwhile(mine, submission):
    """What kept the row from being written: the first press of the same button, or a colleague."""
    if twin := mine.filter(submission=submission).first():
        return twin
    if mine.filter(status=Status.OPEN).exists():
        raise RequestRefused(_("Your company has asked for this customer already. Withdraw that."))
    raise RequestRefused(_("This form was used already. Open it again."))
