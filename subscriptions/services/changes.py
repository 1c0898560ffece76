"""Changing a subscription that runs."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from customers.models import Customer
from portal.audit.services import record, record_all
from portal.lifecycle import InvalidTransition
from subscriptions.models import Subscription
from subscriptions.services.families import hold, move

WORDS = {
    "nickname": "nickname",
    "quantity": "licenses",
    "reseller_of_record": "MPN ID",
    "support_contact": "support contact",
}


class Stale(Exception):
    """Somebody else changed the subscription first; ``subscription`` is what it is now."""

    def __init__(self, subscription):
        self.subscription = subscription
        super().__init__(f"{subscription.reference} is at version {subscription.version}")


class StillAssigned(Exception):
    """More licenses are in the hands of users than would be left."""

    def __init__(self, subscription):
        self.subscription = subscription
        super().__init__(f"{subscription.reference} has {subscription.assigned} assigned")


@transaction.atomic
def change_subscription(subscription, *, actor, version, status=None, **changes):
    """Write ``changes`` to the fields named in WORDS, and suspend or resume it when ``status``
    says so, its add-ons with it.

    ``version`` is the one the person saw; raises Stale when it is not the current one,
    StillAssigned when users have more licenses than would be left (domain.md 2.10), and
    InvalidTransition when the status can't be reached or the customer is gone. Returns
    (subscription, whether anything changed).
    """
    locked = hold_current(subscription, version)
    if changes.get("quantity", locked.quantity) < locked.assigned:
        raise StillAssigned(locked)
    moves = status is not None and status != locked.status
    changed = _write(locked, changes, actor)
    if moves:
        suspended = now() if status == Subscription.Status.SUSPENDED else None
        version = locked.version + (not changed)
        locked = move(locked, status, actor=actor, suspended_at=suspended, version=version)
    return locked, changed or moves


def hold_current(subscription, version, *, ending=False):
    """The subscription, held, if it still is what a person saw as its ``version``.

    ``ending``: see ``families.hold``. Raises Stale when it is not, InvalidTransition when the
    customer is gone.
    """
    locked = hold(subscription, ending=ending)
    if (locked.version, locked.status) != (version, subscription.status):
        raise Stale(locked)
    customer = Customer.objects.get(pk=locked.customer_id)  # its removal waits for this row
    if not customer.is_active:
        raise InvalidTransition(customer, Customer.Status.ACTIVE)
    return locked


def change_partners(subscriptions, changes, *, actor, **details):
    """Write ``changes`` to the ``reseller_of_record`` and ``support_contact`` of subscriptions
    that are locked and may be changed; ``details`` go into the record.

    As many statements for a thousand as for one, but for their records.
    """
    rows = Subscription.objects.filter(pk__in=[one.pk for one in subscriptions])
    alike = defaultdict(list)
    for one in subscriptions:
        names = [name for name, value in changes.items() if getattr(one, name) != value]
        old = _in_words({name: getattr(one, name) for name in names})
        alike[old, _in_words({name: changes[name] for name in names})].append(one)
    rows.update(**changes, version=F("version") + 1, changed_at=now())
    for (before, after), targets in alike.items():
        told = {"before": before, "after": after, **details}
        record_all("subscription.changed", actor=actor, targets=targets, **told)


def _write(subscription, changes, actor):
    old = {name: getattr(subscription, name) for name in WORDS if name in changes}
    differing = [name for name in old if old[name] != changes[name]]
    if not differing:
        return False
    if "quantity" in differing:
        subscription.increases = _increases(subscription, changes["quantity"])
    for name in differing:
        setattr(subscription, name, changes[name])
    subscription.version += 1
    subscription.changed_at = now()
    subscription.save(update_fields=[*differing, "increases", "version", "changed_at"])
    record(
        "subscription.changed",
        actor=actor,
        target=subscription,
        before=_in_words({name: old[name] for name in differing}),
        after=_in_words({name: changes[name] for name in differing}),
    )
    return True


def _increases(subscription, quantity):
    """The increases that can be taken back once there are ``quantity`` licenses."""
    window = len(subscription.open_increases)
    kept = subscription.increases[len(subscription.increases) - window :]
    if quantity > subscription.quantity:
        return [*kept, [datetime.isoformat(now()), subscription.quantity]]
    return [[at, before] for at, before in kept if before < quantity]


def _in_words(values):
    """What the record keeps: numbers, nicknames, MPN IDs and slugs, no names of people."""
    return ", ".join(f"{WORDS[name]} {_in_word(value)}" for name, value in values.items())


def _in_word(value):
    if value is None or value == "":
        return "none"
    if isinstance(value, (int, str)):
        return value
    return getattr(value, "mpn_id", None) or value.slug
