"""Who is told that a subscription ends, will end, or will be deleted: by mail and on Home.

The partners who can do something about it, and the customer who has it.
"""

from datetime import UTC, datetime, time

from portal.links import reverse
from portal.notices.services import notify
from subscriptions.services.telling import managing_companies


def expired(subscription):
    """It has ended with its term."""
    deleted = _noon(subscription.deletion_due_on)
    _tell("subscription_expired", subscription, subscription.ends_on, deleted_at=deleted)


def ends_soon(subscription):
    """It will end with its term, or be deleted because it stays suspended."""
    day = subscription.due_on
    is_deletion = day == subscription.deletion_due_on
    kind = "subscription_deleting" if is_deletion else "subscription_ending"
    _tell(kind, subscription, day, stage=subscription.reminder_due_on)


def _tell(kind, subscription, day, stage="", **facts):
    told = {
        "about": f"subscription:{subscription.pk}:{day}:{stage}",
        "product": subscription.name,
        "licenses": subscription.quantity,
        "is_trial": subscription.offer.is_trial,
        "because": subscription.ended_because,
        "until_at": _noon(day),
        **facts,
    }
    for partner in managing_companies(subscription, subscription.customer_id):
        path = reverse("subscriptions:subscription_detail", subscription.pk, organization=partner)
        customer = subscription.customer.company_name
        notify(kind, organization=partner, path=path, customer=customer, **told)
    organization = subscription.organization
    path = reverse("subscriptions:subscription_detail", subscription.pk, organization=organization)
    provider = subscription.provider.name
    notify(f"own_{kind}", organization=organization, path=path, partner=provider, **told)


def _noon(day):
    """Noon in Greenwich is the same day for every reader."""
    return datetime.combine(day, time(12), UTC)
