"""All that *Subscription details* is submitted with, at once."""

from django.db import transaction

from subscriptions.models import Subscription
from subscriptions.services.changes import change_subscription
from subscriptions.services.planning import cancel_subscription, change_renewal


@transaction.atomic
def change_details(subscription, *, actor, version, renewal=None, **changes):
    """Write everything that was submitted, or nothing of it.

    ``changes`` are those of ``change_subscription``; the status "cancelled" ends the subscription,
    and nothing else is written then. ``renewal`` are the arguments of ``change_renewal``, or None
    to leave it as it is. Raises what those three raise. Returns (subscription, whether anything
    changed).
    """
    if changes.get("status") == Subscription.Status.CANCELLED:
        return cancel_subscription(subscription, actor=actor, version=version), True
    held, changed = change_subscription(subscription, actor=actor, version=version, **changes)
    if renewal is None:
        return held, changed
    held, planned = change_renewal(held, actor=actor, version=held.version, **renewal)
    return held, changed or planned
