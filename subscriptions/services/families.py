"""A subscription and its add-ons: what happens to the one happens to the others.

An add-on is never active where its base is not (``domain.md`` 2.10); the database refuses it, too.
Whoever changes one of them holds the base's row first and its own after it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from customers.models import CustomerUser
from portal.lifecycle import InvalidTransition, transition
from portal.scope import acting
from subscriptions import terms
from subscriptions.models import LicenseAssignment, Subscription
from subscriptions.periods import credit_of
from subscriptions.services.assignments import revoke_all

Status = Subscription.Status


class BaseInactive(InvalidTransition):
    """An add-on can't be active: the subscription it belongs to is not."""

    @property
    def reason(self):
        words = _("This is an add-on of %(name)s, which is not active. Activate that first.")
        return words % {"name": self.obj.base.name}


class TermOver(InvalidTransition):
    """A suspended subscription can't go on: its term has ended and there is no next one."""

    @property
    def reason(self):
        why = terms.why_not_renewed(self.obj).label
        return _("The term has ended. %(why)s.") % {"why": why}


def hold(subscription, *, ending=False):
    """The subscription as it is now, kept from changing; its base is held first.

    Where it may be ``ending``, the users who have its licenses are held before: whoever assigns
    some holds them in this order, too.
    """
    if ending:
        _hold_users(subscription)
    rows = Subscription.objects.select_for_update(of=("self",))
    if subscription.base_id:
        rows.get(pk=subscription.base_id)
    # Its offer is not joined: where another one was just written, the row would not be found.
    return rows.get(pk=subscription.pk)


@transaction.atomic
def move(subscription, status, *, actor, details=None, **changes):
    """``transition`` for a subscription that ``hold`` returned, and its add-ons with it.

    They are suspended, expire, are cancelled and deleted with their base; those that were
    suspended with it are active with it again. What is cancelled or deleted frees its licenses,
    and what is cancelled is credited. Returns the moved subscription; raises InvalidTransition.
    """
    if not subscription.can_become(status):
        raise InvalidTransition(subscription, status)
    if status == Status.ACTIVE:
        return _activate(subscription, actor, details, changes)
    for add_on in _add_ons(subscription):
        _follow(add_on, subscription, status, actor, changes)
    return _end(subscription, status, actor, details, changes)


def _hold_users(subscription):
    having = LicenseAssignment.objects.filter(
        Q(subscription=subscription.pk) | Q(subscription__base=subscription.pk)
    )
    with acting(subscription.organization.actor):  # see ``revoke_all``
        people = CustomerUser.objects.filter(pk__in=having.values("person")).order_by("pk")
        list(people.select_for_update(of=("self",)).values_list("pk", flat=True))


def _activate(subscription, actor, details, changes):
    if subscription.base_id and subscription.base.status != Status.ACTIVE:
        raise BaseInactive(subscription, Status.ACTIVE)
    moved = _resume(subscription, actor, details, changes)
    for add_on in _add_ons(subscription):
        if _was_suspended_with(subscription, add_on) and terms.resumed(add_on) is not None:
            _resume(add_on, actor, {"with": subscription.reference}, {})
    return moved


def _was_suspended_with(base, add_on):
    moments = {base.suspended_at, add_on.suspended_at}
    return add_on.status == Status.SUSPENDED and len(moments) == 1


def _resume(subscription, actor, details, changes):
    fields = terms.resumed(subscription)
    if fields is None:
        raise TermOver(subscription, Status.ACTIVE)
    fields = fields | {"suspended_at": None} | changes
    return _write(subscription, Status.ACTIVE, actor, details, fields)


def _follow(add_on, base, status, actor, changes):
    """An add-on goes the way of its base, as far as there is one from where it is."""
    if status == Status.DELETED and not add_on.can_become(status):
        status = Status.CANCELLED  # it was never set up
    if not add_on.can_become(status):
        return
    fields = {name: changes[name] for name in ("suspended_at",) if name in changes}
    if status == Status.EXPIRED:
        # A late round can find one that was bought after its base should have ended.
        ends_on = max(base.ends_on, add_on.started_on + timedelta(days=1))
        fields |= {"ended_because": Subscription.Ending.BASE, "ends_on": ends_on}
    _end(add_on, status, actor, {"with": base.reference}, fields)


def _end(subscription, status, actor, details, changes):
    details = dict(details or {})
    if status == Status.CANCELLED and subscription.is_running:
        credit = credit_of(subscription, localdate())
        changes = changes | {"credit": credit}
        details["credit"] = f"{credit} {subscription.currency}"
    if status in {Status.CANCELLED, Status.DELETED}:
        revoke_all(subscription, actor=actor)
    return _write(subscription, status, actor, details, {"reminded_for": None} | changes)


def _write(subscription, status, actor, details, changes):
    changes = {"version": subscription.version + 1, "changed_at": now()} | changes
    return transition(subscription, status, actor=actor, details=details, **changes)


def _add_ons(subscription):
    """Its add-ons, held; those of an add-on are none."""
    if subscription.base_id:
        return []
    rows = subscription.add_ons.order_by("pk").select_related("offer")
    return list(rows.select_for_update(of=("self",)))
