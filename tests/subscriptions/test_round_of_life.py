"""The regular round: what is due for all providers, who is reminded, and two workers at once."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import localdate, now

from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.life_rounds import due, look_after_subscriptions, to_be_reminded
from subscriptions.models import Subscription
from subscriptions.services import life_telling
from tests.factories import (
    make_assignment,
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_person,
    make_subscription,
)
from tests.subscriptions.living import DAY, a_trial, add_on_to
from tests.subscriptions.test_end_concurrently import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Status = Subscription.Status


@pytest.fixture
def customers(transactional_db):
    """A customer of each of two providers, the first with a reseller."""
    with acting(OPERATOR):
        one, other = make_partner(Kind.PROVIDER), make_partner(Kind.PROVIDER)
        reseller = make_partner()
        make_partnership(one, reseller)
        make_membership(organization=one)
        return make_customer(one, reseller), make_customer(other)


def days_to_go(customer, days, **fields):
    """A subscription that began half a year ago and ends in ``days``."""
    with acting(OPERATOR):
        began = localdate() - timedelta(days=180)
        ends_on = localdate() + timedelta(days=days)
        return make_subscription(customer, started_on=began, ends_on=ends_on, **fields)


def suspended_for(customer, days, **fields):
    since = now() - timedelta(days=days)
    return days_to_go(customer, 100, status="suspended", suspended_at=since, **fields)


def again(subscription):
    with acting(OPERATOR):
        return Subscription.objects.get(pk=subscription.pk)


def renewals(subscription):
    with acting(OPERATOR):
        entries = AuditEntry.objects.about(subscription).filter(action="subscription.renewed")
        return entries.filter(organization=subscription.provider_id).count()


def reminders(customer, kind="own_subscription_ending"):
    with acting(OPERATOR):
        return Notice.objects.filter(organization=customer.organization, kind=kind).count()


def test_it_does_what_is_due_for_every_provider(customers):
    ends = [days_to_go(customer, 0) for customer in customers]
    stays = days_to_go(customers[0], 1)
    over = days_to_go(customers[0], -90, status="expired", suspended_at=None)
    forgotten = suspended_for(customers[1], 90)

    look_after_subscriptions()

    assert [renewals(one) for one in ends] == [1, 1]
    assert renewals(stays) == 0
    assert [again(one).status for one in (over, forgotten)] == [Status.DELETED] * 2
    with acting(OPERATOR):
        assert not due().exists()


def test_a_month_without_a_round_is_made_up_for_once(customers):
    with acting(OPERATOR):
        trial = a_trial(
            customers[0],
            started_on=localdate() - timedelta(days=60),
            ends_on=localdate() - timedelta(days=30),
        )

    look_after_subscriptions()
    look_after_subscriptions()

    assert again(trial).status == Status.EXPIRED
    assert reminders(customers[0]) == 0
    assert reminders(customers[0], "own_subscription_expired") == 1


def test_what_is_deleted_frees_licenses_also_where_the_provider_sees_no_users(customers):
    forgotten = suspended_for(customers[0], 90)
    with acting(OPERATOR):
        person = make_person(customers[0].organization)
        make_assignment(forgotten, person)

    look_after_subscriptions()

    assert (again(forgotten).status, again(forgotten).assigned) == (Status.DELETED, 0)
    with acting(OPERATOR):
        assert not person.licenses.exists()


def test_one_that_fails_leaves_the_others(customers, monkeypatch):
    broken, fine = days_to_go(customers[0], -1, auto_renew=False), days_to_go(customers[1], 0)

    def fail(_subscription):
        raise ValueError

    monkeypatch.setattr(life_telling, "expired", fail)
    look_after_subscriptions()

    assert again(broken).status == Status.ACTIVE  # all or nothing
    assert renewals(fine) == 1


def test_two_workers_renew_once(customers):
    for _ in range(5):
        subscription = days_to_go(customers[0], 0)
        with acting(OPERATOR):
            add_on = add_on_to(subscription)

        at_once(look_after_subscriptions, look_after_subscriptions)

        assert (renewals(subscription), renewals(add_on)) == (1, 1)
        assert again(subscription).version == 2


def test_a_round_and_a_person_do_not_wait_for_each_other(customers):
    with acting(OPERATOR):
        person = make_membership(organization=customers[0].provider)
    for _ in range(5):
        base = days_to_go(customers[0], 0)
        with acting(OPERATOR):
            add_on = add_on_to(base)

        at_once(look_after_subscriptions, lambda one=add_on: suspend(one, person))

        assert renewals(base) == 1
        assert again(add_on).status in {Status.SUSPENDED, Status.ACTIVE}


def suspend(subscription, person):
    with suppress(services.Stale), acting(person.organization.actor):
        services.change_subscription(subscription, actor=person, version=1, status=Status.SUSPENDED)


def test_reminders_go_out_30_and_7_days_before_and_never_twice(customers):
    ending = days_to_go(customers[0], 40, auto_renew=False)
    days_to_go(customers[0], 40)  # renews
    seen = []
    for days in (9, 10, 11, 32, 33, 34, 39):
        with time_machine.travel(now() + days * DAY):
            look_after_subscriptions()
            look_after_subscriptions()
        seen.append(reminders(customers[0]))

    assert seen == [0, 1, 1, 1, 2, 2, 2]
    with acting(OPERATOR):
        told = Notice.objects.filter(kind="subscription_ending", about__contains=f":{ending.pk}:")
        assert set(told.values_list("organization", flat=True)) == {
            ending.provider_id,
            ending.reseller_id,
        }
        assert OutboxMessage.objects.filter(task="portal.notices.tasks.send_notice").exists()


def test_of_several_that_were_missed_the_last_goes_out_alone(customers):
    days_to_go(customers[0], 3, auto_renew=False)

    look_after_subscriptions()

    assert reminders(customers[0]) == 1
    with acting(OPERATOR):
        assert not to_be_reminded().exists()


def test_a_new_trial_begins_without_a_reminder(customers):
    with acting(OPERATOR):
        a_trial(customers[0], ends_on=localdate() + 30 * DAY)

    look_after_subscriptions()
    assert reminders(customers[0]) == 0

    with time_machine.travel(now() + 23 * DAY):
        look_after_subscriptions()
    assert reminders(customers[0]) == 1


def test_before_a_suspended_one_is_deleted_people_are_told(customers):
    suspended_for(customers[0], 59)
    suspended_for(customers[0], 60)
    suspended_for(customers[0], 84)

    look_after_subscriptions()

    assert reminders(customers[0], "own_subscription_deleting") == 2


def test_the_database_and_python_agree_on_who_is_reminded(customers):
    for days in (1, 6, 7, 8, 29, 30, 31):
        days_to_go(customers[0], days, auto_renew=False)
        days_to_go(customers[0], days)
        suspended_for(customers[0], 90 - days)
        suspended_for(customers[0], 90 - days, auto_renew=False)
    with acting(OPERATOR):
        rows = Subscription.objects.order_by("pk")
        expected = [row.pk for row in rows if row.reminder_due_on]
        assert list(to_be_reminded().order_by("pk").values_list("pk", flat=True)) == expected
        assert len(expected) == 18
