"""A customer asks for another number of licenses; its partners answer.

``domain.md`` 6, wish 21. A decision locks the request first and the subscription after it.
"""

from contextlib import suppress
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _

from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from subscriptions.license_rules import (
    check_change,
    check_limits,
    day_of_change,
    refuse_unless_active,
    renewal_of,
)
from subscriptions.models import LicenseRequest, Subscription
from subscriptions.models.license_requests import default_expiry
from subscriptions.services import telling
from subscriptions.services.answering import RequestRefused, refuse_late
from subscriptions.services.changes import Stale, change_subscription
from subscriptions.services.families import hold
from subscriptions.services.promises import forget_plan

Status = LicenseRequest.Status


@transaction.atomic
def ask_for_licenses(subscription, *, actor, quantity, note="", submission):
    """The customer's request for ``quantity`` licenses; returns the LicenseRequest.

    Fewer than can be given back today are asked for the renewal. A second press of the button,
    with the same ``submission`` (a UUID), returns the first one's request. Raises RequestRefused
    when another request is open or the number is impossible.
    """
    known = LicenseRequest.objects.filter(submission=submission, subscription=subscription)
    if asked := known.first():
        return asked
    _let_late_ones_expire(subscription)
    due_on = _day_of_change(subscription, quantity)
    try:
        with transaction.atomic():
            asked = _write(subscription, actor, quantity, due_on, note, submission)
    except IntegrityError:
        return _asked_meanwhile(submission, subscription)
    wanted = {"before": asked.before, "after": quantity}
    record("licenserequest.asked", actor=actor, target=asked, **wanted)
    telling.licenses_asked(asked)
    return asked


@transaction.atomic
def approve_request(request, *, actor, version):
    """The partner's yes, and with it the change; for a renewal, the promise of it.

    ``version`` is that of the subscription the person saw. Returns the request. Raises
    InvalidTransition when somebody was faster or it is too late, Stale when the subscription has
    changed since, and RequestRefused when its limits or its state forbid the change.
    """
    refuse_late(request, Status.APPROVED)
    request = transition(request, Status.APPROVED, actor=actor, **_decision_of(actor))
    subscription = _locked(request.subscription_id)
    if subscription.version != version:
        raise Stale(subscription)
    _supersede(request, actor)
    if request.due_on:
        _refuse_renewal(request, subscription)
        forget_plan(subscription)
    else:
        _refuse_change(request, subscription)
        request = _apply(request, subscription, actor)
    telling.licenses_decided(request)
    return request


@transaction.atomic
def decline_request(request, *, actor, reason):
    """The partner's no, with the reason the customer reads. Raises InvalidTransition."""
    refuse_late(request, Status.DECLINED)
    answer = _decision_of(actor) | {"decline_reason": reason}
    declined = transition(request, Status.DECLINED, actor=actor, **answer)
    telling.licenses_decided(declined)
    return declined


@transaction.atomic
def withdraw_request(request, *, actor):
    """The customer takes it back before it is answered. Raises InvalidTransition."""
    refuse_late(request, Status.WITHDRAWN)
    withdrawn = transition(request, Status.WITHDRAWN, actor=actor)
    telling.licenses_withdrawn(withdrawn)
    return withdrawn


@transaction.atomic
def expire_request(request):
    """Nobody answered in time: the system notes it. Raises InvalidTransition when it is not so."""
    if not request.has_expired:
        raise InvalidTransition(request, Status.EXPIRED)
    expired = transition(request, Status.EXPIRED, actor=None)
    telling.licenses_expired(expired)
    return expired


@transaction.atomic
def apply_promised(request):
    """On the day of the renewal: the fewer licenses that were approved for it.

    Returns whether they are applied now; not while the subscription doesn't run, nor while users
    have more licenses than that.
    """
    locked = LicenseRequest.objects.select_for_update().get(pk=request.pk)
    subscription = _locked(locked.subscription_id)
    is_active = subscription.status == Subscription.Status.ACTIVE
    if not (locked.is_promised and locked.due_on <= localdate() and is_active):
        return False
    if locked.quantity < subscription.assigned:  # made as soon as users have given some back
        return False
    if locked.quantity < subscription.quantity:
        _apply(locked, subscription, actor=None)
    else:  # somebody has reduced them further
        _mark_applied(locked)
    return True


def _write(subscription, actor, quantity, due_on, note, submission):
    ends = {"expires_at": _before(due_on)} if due_on else {}
    return LicenseRequest.objects.create(
        subscription=subscription,
        before=subscription.quantity,
        quantity=quantity,
        due_on=due_on,
        note=note,
        submission=submission,
        asked_by=actor.user,
        **ends,
        **subscription.parties,
    )


def _before(day):
    """Until when it can be answered: an approval for a renewal must come before it."""
    return min(default_expiry(), make_aware(datetime.combine(day, time.min)))


def _asked_meanwhile(submission, subscription):
    """What kept the row from being written: the first press of the same button, or a colleague."""
    asked = LicenseRequest.objects.filter(subscription=subscription)
    if twin := asked.filter(submission=submission).first():
        return twin
    if asked.filter(status=Status.OPEN).exists():
        raise RequestRefused(_("A request for this subscription waits for its answer already."))
    raise RequestRefused(_("This form was used already. Open it again."))


def _let_late_ones_expire(subscription):
    """The regular round may not have come by yet; two who clean up at once do it once."""
    for late in LicenseRequest.objects.run_out().filter(subscription=subscription):
        with suppress(InvalidTransition):
            expire_request(late)


def _day_of_change(subscription, quantity):
    try:
        return day_of_change(subscription, quantity)
    except ValidationError as error:
        raise RequestRefused(" ".join(error.messages)) from error


def _decision_of(actor):
    return {"decided_by": actor.user, "decided_for": actor.organization, "decided_at": now()}


def _locked(subscription_id):
    return hold(Subscription.objects.get(pk=subscription_id))


def _supersede(request, actor):
    """What was approved for a renewal before gives way to this."""
    promised = LicenseRequest.objects.promised().filter(subscription=request.subscription_id)
    for older in promised.exclude(pk=request.pk):
        transition(older, Status.EXPIRED, actor=actor, details={"instead": request.reference})


def _refuse_change(request, subscription):
    try:
        refuse_unless_active(subscription)
        check_change(subscription, request.quantity)
    except ValidationError as error:
        raise RequestRefused(" ".join(error.messages)) from error


def _refuse_renewal(request, subscription):
    try:
        refuse_unless_active(subscription)
        check_limits(subscription, request.quantity)
    except ValidationError as error:
        raise RequestRefused(" ".join(error.messages)) from error
    if renewal_of(subscription) != request.due_on:
        raise RequestRefused(_("The subscription no longer renews on the day this was asked for."))


def _apply(request, subscription, actor):
    change_subscription(
        subscription, actor=actor, version=subscription.version, quantity=request.quantity
    )
    return _mark_applied(request)


def _mark_applied(request):
    request.applied_at = now()
    request.save(update_fields=["applied_at"])
    return request
