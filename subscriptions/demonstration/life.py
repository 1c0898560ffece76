"""Subscriptions of the demonstration at the turns of their life: about to renew, to end, to go."""

from datetime import timedelta
from decimal import Decimal

from django.utils.timezone import localdate, now

from subscriptions.models import Subscription

Status = Subscription.Status
Ending = Subscription.Ending
# days until the end of the term, and what else is particular
TURNS = [
    (2, {"renewal_quantity": 8}),
    (6, {}),
    (5, {"auto_renew": False}),
    (24, {"auto_renew": False}),
    (-3, {"auto_renew": False, "status": Status.EXPIRED, "ended_because": Ending.NOT_RENEWED}),
    (-40, {"status": Status.EXPIRED, "ended_because": Ending.WITHDRAWN}),
    (110, {"status": Status.SUSPENDED, "suspended_at": 84}),
    (200, {"status": Status.SUSPENDED, "suspended_at": 12}),
    (361, {"status": Status.CANCELLED, "credit": Decimal("148.32")}),
]


def turn(subscriptions):
    """Let these ``subscriptions`` (a queryset) stand at the TURNS, one each, oldest first."""
    for subscription, (days, facts) in zip(subscriptions.order_by("pk"), TURNS, strict=False):
        if ago := facts.get("suspended_at"):
            facts = facts | {"suspended_at": now() - timedelta(days=ago)}
        ends_on = localdate() + timedelta(days=days)
        rows = Subscription.objects.filter(pk=subscription.pk)
        rows.update(started_on=ends_on - timedelta(days=365), ends_on=ends_on, **facts)
