"""Suspended, expired, deleted; and what becomes of add-ons on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from portal.lifecycle import InvalidTransition
from subscriptions import services
from subscriptions.models import Subscription
from tests.factories import make_assignment, make_person
from tests.subscriptions.living import (
    DAY,
    END,
    a_trial,
    a_year,
    add_on_to,
    costs_now,
    live,
    sell_as,
    withdraw,
)

Status = Subscription.Status
Ending = Subscription.Ending


@pytest.fixture
def subscription(customer, offer):
    return a_year(customer, offer)


@pytest.fixture
def add_on(subscription):
    return add_on_to(subscription)


def change(subscription, actor, status):
    subscription.refresh_from_db()
    changed, _ = services.change_subscription(
        subscription, actor=actor, version=subscription.version, status=status
    )
    return changed


def again(subscription):
    return Subscription.objects.get(pk=subscription.pk)


def suspend_at(moment, subscription, actor):
    with time_machine.travel(moment):
        return change(subscription, actor, Status.SUSPENDED)


def test_90_days_after_suspension_it_is_deleted_and_licenses_are_free(
    subscription, provider, customer
):
    make_assignment(subscription, make_person(customer.organization))
    suspended = suspend_at("2026-06-01 09:00+00:00", subscription, provider)
    due = suspended.deletion_due_on

    assert live(subscription, due - DAY).status == Status.SUSPENDED
    deleted = live(subscription, due)

    assert (deleted.status, deleted.assigned) == (Status.DELETED, 0)
    assert deleted.assignments.count() == 0


def test_what_has_expired_is_deleted_90_days_later(customer, offer):
    ended = live(a_year(customer, offer, auto_renew=False), END)

    assert live(ended, END + 89 * DAY).status == Status.EXPIRED
    assert live(ended, END + 90 * DAY).status == Status.DELETED


def test_after_a_year_without_a_round_everything_happens_in_its_order(customer, offer):
    ended = live(a_year(customer, offer, auto_renew=False), END + 365 * DAY)

    assert (ended.status, ended.ended_because) == (Status.DELETED, Ending.NOT_RENEWED)


def test_a_suspended_one_is_not_renewed_and_starts_anew_when_it_is_resumed(
    subscription, offer, provider
):
    suspend_at("2027-03-01 09:00+00:00", subscription, provider)
    assert live(subscription, END + DAY).status == Status.SUSPENDED
    costs_now(offer, "22.00")

    with time_machine.travel("2027-04-20 09:00+00:00"):
        resumed = change(subscription, provider, Status.ACTIVE)
        assert resumed.started_on == localdate()

    assert (str(resumed.ends_on), str(resumed.unit_price)) == ("2028-04-20", "22.00")
    assert resumed.suspended_at is None


def test_resumed_within_its_term_nothing_else_changes(subscription, provider):
    suspend_at("2027-02-01 09:00+00:00", subscription, provider)

    with time_machine.travel("2027-02-20 09:00+00:00"):
        resumed = change(subscription, provider, Status.ACTIVE)

    assert (resumed.ends_on, resumed.started_on) == (END, subscription.started_on)


def test_it_is_not_resumed_when_there_is_no_next_term(subscription, offer, provider):
    suspend_at("2027-03-01 09:00+00:00", subscription, provider)
    withdraw(offer)

    refused = pytest.raises(InvalidTransition)
    with time_machine.travel("2027-04-20 09:00+00:00"), refused as refusal:
        change(subscription, provider, Status.ACTIVE)
    assert "not sold any more" in refusal.value.reason


def test_a_trial_is_not_resumed_after_its_days(customer, provider):
    trial = a_trial(customer, started_on=END - 30 * DAY, ends_on=END)
    suspend_at("2027-03-01 09:00+00:00", trial, provider)

    refused = pytest.raises(InvalidTransition)
    with time_machine.travel("2027-03-14 09:00+00:00"), refused as refusal:
        change(trial, provider, Status.ACTIVE)  # no round has come by yet
    assert refusal.value.reason == "The term has ended. The trial is over."


def test_a_suspended_one_that_does_not_renew_ends_with_its_term(customer, offer, provider):
    subscription = a_year(customer, offer, auto_renew=False)
    suspended = suspend_at("2027-03-01 09:00+00:00", subscription, provider)

    ended = live(subscription, END)

    assert ended.status == Status.EXPIRED
    assert ended.deletion_due_on == suspended.deletion_due_on  # as people were told


def test_add_ons_are_suspended_and_resumed_with_their_base(subscription, add_on, provider):
    other = add_on_to(subscription)
    change(other, provider, Status.SUSPENDED)

    suspended = change(subscription, provider, Status.SUSPENDED)
    assert again(add_on).status == Status.SUSPENDED
    assert again(add_on).suspended_at == suspended.suspended_at

    change(subscription, provider, Status.ACTIVE)
    assert (again(add_on).status, again(other).status) == (Status.ACTIVE, Status.SUSPENDED)


def test_an_add_on_can_not_be_active_without_its_base(subscription, add_on, provider):
    change(subscription, provider, Status.SUSPENDED)

    with pytest.raises(InvalidTransition) as refusal:
        change(add_on, provider, Status.ACTIVE)

    assert "Business Premium, which is not active" in refusal.value.reason


def test_add_ons_expire_are_cancelled_and_deleted_with_their_base(customer, offer, provider):
    base = a_year(customer, offer, auto_renew=False)
    monthly = add_on_to(base, ends_on=END - 10 * DAY)
    sell_as(monthly.offer, "3.20", term="P1M")
    Subscription.objects.filter(pk=monthly.pk).update(renewal_term="P1M")

    live(monthly, END)
    ended = again(monthly)
    assert (ended.status, ended.ended_because) == (Status.EXPIRED, Ending.BASE)
    assert ended.ends_on == END  # it was renewed once, ten days before
    assert live(monthly, END + 90 * DAY).status == Status.DELETED

    young = a_year(customer, offer, started_on=localdate(), ends_on=localdate() + 365 * DAY)
    with_it = add_on_to(young)
    services.cancel_subscription(young, actor=provider, version=1)
    assert again(with_it).status == Status.CANCELLED
    assert again(with_it).credit == Decimal("31.00")


def test_an_add_on_that_is_younger_than_the_end_of_its_base_ends_too(customer, offer):
    base = a_year(customer, offer, auto_renew=False)
    late = add_on_to(base, started_on=END, ends_on=END + 365 * DAY)

    ended = live(late, END + DAY)

    assert (ended.status, ended.ends_on) == (Status.EXPIRED, END + DAY)


def test_an_add_on_goes_alone_and_leaves_its_base(subscription, add_on, provider):
    change(add_on, provider, Status.SUSPENDED)

    assert again(subscription).status == Status.ACTIVE


@pytest.mark.parametrize("status", ["suspended", "expired", "cancelled", "deleted"])
def test_the_database_keeps_an_add_on_from_outliving_its_base(subscription, add_on, status):
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.filter(pk=subscription.pk).update(status=status)


def test_the_database_keeps_an_add_on_from_being_active_too_early(subscription, add_on, provider):
    change(subscription, provider, Status.SUSPENDED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.filter(pk=add_on.pk).update(status=Status.ACTIVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        add_on_to(again(subscription))


def test_deletion_frees_the_licenses_of_add_ons_too(subscription, add_on, provider, customer):
    person = make_person(customer.organization)
    make_assignment(add_on, person)
    with time_machine.travel(now() - timedelta(days=200)):
        change(subscription, provider, Status.SUSPENDED)

    live(subscription, localdate())

    assert (again(add_on).status, person.licenses.count()) == (Status.DELETED, 0)
