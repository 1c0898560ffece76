"""What time does to a subscription: its term is renewed or ends, and in the end it is deleted.

``domain.md`` 2.10, 3; decisions 25 and 26. Everything here is done by the system, on the day it is
due or as late as somebody comes by, and exactly once: who comes second finds the day moved on.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from portal.audit.services import record
from subscriptions import terms
from subscriptions.models import Subscription
from subscriptions.services import life_telling
from subscriptions.services.families import hold, move
from subscriptions.services.license_requests import apply_promised
from subscriptions.services.promises import hold_promised

Status = Subscription.Status
Ending = Subscription.Ending


@transaction.atomic
def bring_up_to_date(subscription, *, on=None):
    """Do all that is due for it and its add-ons until the day ``on`` (today), in order of days.

    Several terms that were missed begin one after the other, each with the price of today. Returns
    how many steps there were.
    """
    on, steps = on or localdate(), 0
    while due := _first_due(subscription.base_id or subscription.pk, on):
        steps += _step(due, on)
    return steps


def _first_due(base, on):
    """Of a base and its add-ons the one with the earliest day, the base first; None for nothing."""
    family = Subscription.objects.filter(Q(pk=base) | Q(base=base)).order_by("pk")
    due = [one for one in family if one.due_on and one.due_on <= on]
    return min(due, key=lambda one: (one.due_on, one.base_id is not None), default=None)


def _step(due, on):
    """Do what is due, if that is still so once nobody else can do it; whether something was."""
    promised = hold_promised(due)
    held = hold(due, ending=due.status != Status.ACTIVE)
    if not (held.due_on and held.due_on <= on):
        return False
    if held.due_on == held.deletion_due_on:
        move(held, Status.DELETED, actor=None)
    elif reason := terms.why_not_renewed(held):
        _expire(held, reason)
    else:
        _renew(held, promised)
    return True


def _renew(subscription, promised):
    """Its next term begins on the day this one ends; first, what was approved for that day."""
    for request in promised:
        if request.due_on <= subscription.ends_on:
            apply_promised(request)
    subscription = hold(subscription)
    before, details = terms.in_words(subscription), _not_kept(subscription)
    fields = terms.new_term(
        subscription,
        terms.renewal_offer(subscription),
        quantity=terms.renewal_quantity(subscription),
        start=subscription.ends_on,
        anchor_day=subscription.anchor_day or subscription.started_on.day,
    )
    terms.begin(subscription, fields)
    details |= {"before": before, "after": terms.in_words(subscription)}
    record("subscription.renewed", actor=None, target=subscription, **details)


def _not_kept(subscription):
    """What was planned and can't be had, for the record."""
    term, billing = subscription.renewal_term, subscription.renewal_billing
    details = {}
    if (term or billing) and not terms.sold_as(subscription, term=term, billing=billing):
        details["not_sold"] = ", ".join(filter(None, [term, billing]))
    planned = subscription.renewal_quantity
    if planned and planned < subscription.assigned:
        details["planned"] = planned
    return details


def _expire(subscription, reason):
    details = {"reason": str(reason)}
    expired = move(subscription, Status.EXPIRED, actor=None, details=details, ended_because=reason)
    life_telling.expired(expired)
