"""A plan for a renewal and an approved request for one: the later of them holds.

Whoever holds requests holds them before the subscription.
"""

from subscriptions.models import LicenseRequest


def hold_promised(subscription):
    """The requests that were approved for its renewal, held, oldest first."""
    promised = LicenseRequest.objects.promised().filter(subscription=subscription.pk)
    return list(promised.order_by("due_on", "pk").select_for_update(of=("self",)))


def forget_plan(subscription):
    """A number that was planned for the renewal gives way to one that was approved after it."""
    if subscription.renewal_quantity is not None:
        subscription.renewal_quantity = None
        subscription.save(update_fields=["renewal_quantity"])
