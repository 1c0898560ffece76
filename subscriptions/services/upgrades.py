"""Upgrading a subscription: the whole of it becomes another product (``domain.md`` 2.10, 4.9).

It stays the same subscription: its id, its term and its licenses, which stay with their users. From
that day on it costs what the target costs, and nothing of it can be cancelled any more.
"""

from django.db import transaction
from django.utils.timezone import localdate

from customers.models import CustomerUser
from portal.audit.services import record
from subscriptions import terms
from subscriptions.models import LicenseAssignment
from subscriptions.services.changes import Stale, hold_current
from subscriptions.upgrading import Upgrade


class UpgradeRefused(Exception):
    """It can't be upgraded so; ``reason`` says why, for people, and ``code`` names it."""

    def __init__(self, refusal):
        self.reason, self.code = refusal.reason, refusal.code
        super().__init__(refusal.reason)


@transaction.atomic
def upgrade_subscription(subscription, *, actor, version, offer, price):
    """Make all of a subscription one of ``offer`` at ``price``, which the person saw.

    Returns the subscription. Raises Stale when it is not the one of ``version`` any more,
    UpgradeRefused for each reason of ``domain.md`` 4.9, and InvalidTransition when the customer is
    gone. Users are held first, as whoever assigns licenses does it.
    """
    users = _hold_users(subscription)
    locked = hold_current(subscription, version)
    if not _holders(locked) <= users:
        raise Stale(locked)  # somebody got a license at this very moment
    upgrade = Upgrade(locked, actor)
    if refusal := upgrade.refusal or upgrade.refusal_of(offer, price):
        raise UpgradeRefused(refusal)
    return _write(locked, offer, price, actor)


def _write(subscription, offer, price, actor):
    before = f"{subscription.name}, {terms.in_words(subscription)}"
    fields = {"offer": offer, "name": offer.name, "unit_price": price, "increases": []}
    terms.begin(subscription, terms.NOTHING_PLANNED | fields | {"upgraded_on": localdate()})
    after = f"{subscription.name}, {terms.in_words(subscription)}"
    record("subscription.upgraded", actor=actor, target=subscription, before=before, after=after)
    return subscription


def _hold_users(subscription):
    """The ids of the users who have its licenses, kept from getting others meanwhile."""
    people = CustomerUser.objects.filter(pk__in=_holders(subscription)).order_by("pk")
    return set(people.select_for_update(of=("self",)).values_list("pk", flat=True))


def _holders(subscription):
    held = LicenseAssignment.objects.filter(subscription=subscription.pk)
    return set(held.values_list("person", flat=True))
