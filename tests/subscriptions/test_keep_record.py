"""Who was reseller of record, from when to when: kept by the database, without gaps or overlaps."""

from datetime import UTC, timedelta
from importlib import import_module
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate, now

from portal.accounts.roles import Kind
from portal.lifecycle import transition
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.models import RecordPeriod, Subscription, record_history
from tests.factories import (
    make_customer,
    make_offer,
    make_partner,
    make_partnership,
    make_subscription,
)
from tests.subscriptions.conftest import do_background_work, submit

DETAIL = "subscriptions:subscription_detail"


def first_day():
    """Today by the record's own clock: in Berlin, tomorrow may have begun before it."""
    return localdate(timezone=UTC)


@pytest.fixture
def subscription(customer, offer, partnership):
    location = partnership.location
    return make_subscription(customer, offer, reseller_of_record=location, started_on=first_day())


def periods(subscription):
    found = RecordPeriod.objects.filter(subscription=subscription).order_by("since")
    return [(period.location, period.licenses, period.since, period.until) for period in found]


def change(subscription, actor, **changes):
    subscription.refresh_from_db()
    version = subscription.version
    return services.change_subscription(subscription, actor=actor, version=version, **changes)[0]


def test_it_begins_with_the_first_day(subscription, partnership):
    ((location, licenses, since, until),) = periods(subscription)

    assert (location, licenses, until) == (partnership.location, 10, None)
    assert since.date() == subscription.started_on


def test_nothing_is_kept_before_a_line_is_provisioned(staff, reviewed):
    submit(staff, reviewed)
    subscription = Subscription.objects.get()
    assert periods(subscription) == []

    do_background_work()

    ((location, licenses, since, until),) = periods(subscription)
    subscription.refresh_from_db()
    assert (location, licenses, until) == (subscription.reseller_of_record, 25, None)
    assert since == subscription.changed_at


def test_naming_another_closes_the_one_before(subscription, provider, partnership):
    changed = change(subscription, provider, reseller_of_record=None)

    first, second = periods(subscription)
    assert first[0] == partnership.location and second[0] is None
    assert first[3] == second[2] == changed.changed_at and second[3] is None


def test_licenses_and_suspension_are_kept_but_are_one_entry_of_the_history(subscription, provider):
    change(subscription, provider, quantity=25)
    suspended = change(subscription, provider, status=Subscription.Status.SUSPENDED)
    transition(suspended, "cancelled", actor=provider, changed_at=now())

    assert [licenses for _l, licenses, _s, _u in periods(subscription)] == [10, 25, 0]
    ((location, _since, until),) = record_history(subscription.record_periods.all())
    assert location == subscription.reseller_of_record and until is None


def test_what_changes_nothing_of_it_keeps_nothing(subscription, provider, partnership):
    change(subscription, provider, support_contact=partnership.reseller)
    subscription.refresh_from_db()
    subscription.save()

    assert len(periods(subscription)) == 1


def test_two_changes_at_one_moment_leave_the_last(subscription):
    moment = now() + timedelta(hours=1)
    rows = Subscription.objects.filter(pk=subscription.pk)
    rows.update(quantity=11, changed_at=moment)
    rows.update(quantity=12, changed_at=moment)

    assert [licenses for _l, licenses, _s, _u in periods(subscription)] == [10, 12]


def test_whoever_forgets_the_moment_is_given_one(subscription):
    Subscription.objects.filter(pk=subscription.pk).update(reseller_of_record=None)

    first, second = periods(subscription)
    assert first[3] == second[2] and abs(second[2] - now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "change",
    [
        {"until": None},  # two open ones
        {"until": "gap"},
        {"since": "gap"},
        {"until": "before"},
    ],
)
def test_the_database_refuses_gaps_and_overlaps(subscription, provider, change):
    services.change_subscription(
        subscription, actor=provider, version=subscription.version, quantity=25
    )
    first, second = RecordPeriod.objects.order_by("since")
    moments = {
        "gap": first.since + (second.since - first.since) / 2,
        "before": first.since - timedelta(days=1),
    }
    (name, value), row = *change.items(), second if "since" in change else first
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordPeriod.objects.filter(pk=row.pk).update(**{name: moments.get(value, value)})
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


def test_the_details_show_it_to_the_provider_alone(
    staff, browser_of, reseller, buyer, subscription, provider
):
    change(subscription, provider, reseller_of_record=None)

    text = staff.open(DETAIL, subscription.pk).text
    assert "Reseller of record" in text and "since " in text and "from " in text
    for person in (reseller, buyer):
        text = browser_of(person).open(DETAIL, subscription.pk).text
        assert "Reseller of record" not in text


def test_a_reseller_that_changes_licenses_keeps_the_record_too(reseller, subscription):
    with acting(reseller.organization.actor):
        change(subscription, reseller, quantity=12)

    assert [licenses for _l, licenses, _s, _u in periods(subscription)] == [10, 12]


@pytest.mark.django_db(transaction=True)
def test_changes_at_the_same_moment_make_one_chain():
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER)
        location = make_partnership(provider, make_partner(Kind.RESELLER)).location
        customer = make_customer(provider)
        subscription = make_subscription(customer, make_offer(), started_on=first_day())
    together, errors = Barrier(4), []

    def name(number):
        try:
            together.wait(timeout=20)
            with acting(provider.actor):
                Subscription.objects.filter(pk=subscription.pk).update(
                    reseller_of_record=location if number % 2 else None,
                    quantity=20 + number,
                    changed_at=now(),
                )
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=name, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    with acting(OPERATOR):
        found = periods(subscription)
    ends = [until for _l, _n, _s, until in found]
    assert ends == [*(since for _l, _n, since, _u in found[1:]), None]
    assert found[-1][1] >= 20 and found[0][2].date() == subscription.started_on


def test_what_was_there_before_gets_its_history(subscription, customer):
    days = timedelta(days=30)
    started = {"started_on": localdate() - days}
    ended = make_subscription(customer, quantity=7, status="cancelled", **started)
    make_subscription(customer, status="pending", started_on=None)
    RecordPeriod.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(import_module("subscriptions.migrations.0011_record_periods_kept").FILL)

    assert [licenses for _l, licenses, _s, _u in periods(subscription)] == [10]
    first, last = periods(ended)
    assert (first[1], last[1]) == (7, 0)
    assert first[3] == last[2] == ended.changed_at
    assert RecordPeriod.objects.count() == 3
