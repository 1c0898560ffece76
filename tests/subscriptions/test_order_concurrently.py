"""Orders while everything happens at once: crowds, killed workers, second thoughts. Committed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from portal.accounts.roles import Kind
from portal.audit.models import AuditEntry
from portal.outbox import tasks as bell
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.models import Offer, Order, OrderLine, Subscription
from subscriptions.rounds import look_after_orders
from tests.background import celery_worker, free_port, kill, own_redis_url, wait_for
from tests.conftest import Browser
from tests.factories import make_customer, make_membership, make_offer, make_partner
from tests.subscriptions.conftest import do_background_work
from tests.subscriptions.test_end_concurrently import at_once, press

PRESSES, THREADS, ROUNDS = 1024, 32, 5
ADD, CANCEL = "subscriptions:subscription_add", "subscriptions:order_cancel"
RETRY, LEAVE = "subscriptions:line_retry", "subscriptions:line_cancel"
REVIVE = "subscriptions:order_revive"
NAMES = ("Line 1", "Line 2", "Line 3")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch):
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    redis.Redis.from_url(own_redis_url()).flushdb()


@pytest.fixture
def world(transactional_db):
    return new_world()


def new_world():
    """A provider with two people, a customer and three offers, committed."""
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER)
        people = [make_membership(organization=provider) for _ in range(2)]
        return SimpleNamespace(
            customer=make_customer(provider),
            offers=[make_offer(name) for name in NAMES],
            people=people,
            staff=[Browser(person) for person in people],
        )


def ordered(world):
    """A new order of all three offers, in which nothing is done yet."""
    with acting(world.people[0].organization.actor):
        return services.place_order(
            world.customer,
            actor=world.people[0],
            quantities={offer.pk: 5 for offer in world.offers},
            reseller_of_record=None,
            submission=uuid4(),
        )


def failed(world):
    """The same order after the market has refused all three lines."""
    order = ordered(world)
    with acting(OPERATOR):
        Offer.objects.update(is_available=False)
    do_background_work()
    with acting(OPERATOR):
        Offer.objects.update(is_available=True)
    return order


def form_of(offers):
    """What *Submit* of a new form sends: five licenses of each."""
    form = {f"licenses-{offer.pk}": "5" for offer in offers}
    return form | {"submission": str(uuid4()), "reseller": "none", "next": "submit"}


def copies_of(browser, number):
    copies = [Client() for _ in range(number)]
    for copy in copies:
        copy.cookies = browser.cookies
    return copies


def crowd(browsers, url, data, presses):
    """Each browser posts the same form again and again, all at once; how often what came."""
    barrier, answers = Barrier(len(browsers)), Counter()

    def press_again_and_again(browser):
        try:
            barrier.wait()
            return [browser.post(url, data) for _ in range(presses // len(browsers))]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as pool:
        for each in pool.map(press_again_and_again, browsers):
            answers.update((one.status_code, one.headers.get("Location")) for one in each)
    return answers


def facts(order):
    """(status of the order, statuses of lines, statuses of subscriptions) as they are now."""
    with acting(OPERATOR):
        lines = OrderLine.objects.filter(order=order).select_related("subscription")
        order.refresh_from_db()
        return (
            order.status,
            {line.status for line in lines},
            {line.subscription.status for line in lines},
        )


def times_recorded(order, action):
    """How often the log of the order's provider says so."""
    with acting(OPERATOR):
        entries = AuditEntry.objects.filter(organization=order.provider_id, action=action)
        return entries.count()


def kill_in_the_middle(order, place):
    """Have a real worker killed at its second line; another one does the rest."""
    tasks = "tests.subscriptions.slow_market"
    with celery_worker(free_port(), tasks=tasks, SLOW_AT=place, SLOW_LINE="Line 2") as doomed:
        bell.ring()
        wait_for(lambda: _running() == "Line 2")
        kill(doomed)
    assert facts(order)[1] == {"pending", "fulfilled"}
    _let_the_lease_run_out()
    with celery_worker(free_port()):
        bell.sweep.apply_async()
        wait_for(lambda: facts(order)[0] == Order.Status.COMPLETED)


def test_a_form_submitted_a_thousand_times_orders_once(world):
    browser, form = world.staff[0], form_of(world.offers)

    url = browser.url(ADD, world.customer.pk)
    answers = crowd(copies_of(browser, THREADS), url, form, PRESSES)

    with acting(OPERATOR):
        order = Order.objects.get()
        assert Subscription.objects.count() == OrderLine.objects.count() == len(NAMES)
        assert OutboxMessage.objects.count() == len(NAMES)
    page = "subscriptions:customer_subscriptions"
    there = browser.url(page, world.customer.pk, new=order.reference)
    assert answers == {(302, there): PRESSES}


@pytest.mark.parametrize("place", ["market", "written"])
def test_a_worker_killed_in_the_second_of_three_lines_sets_each_up_once(world, place):
    order = ordered(world)

    kill_in_the_middle(order, place)

    assert facts(order) == ("completed", {"fulfilled"}, {"active"})
    assert times_recorded(order, "orderline.fulfilled") == len(NAMES)
    assert times_recorded(order, "subscription.active") == len(NAMES)
    with acting(OPERATOR):
        assert set(Subscription.objects.values_list("version", flat=True)) == {2}


def test_cancelled_while_it_is_set_up_nothing_remains(world):
    for _round in range(ROUNDS):
        order = ordered(world)

        answer, *_done = at_once(
            press(world.staff[0], CANCEL, order.pk), do_background_work, do_background_work
        )
        do_background_work()

        assert answer == 302
        assert facts(order) == ("cancelled", {"cancelled"}, {"cancelled"})


def test_two_who_cancel_at_once_cancel_once(world):
    for _round in range(ROUNDS):
        order = ordered(world)

        answers = at_once(*(press(browser, CANCEL, order.pk) for browser in world.staff))

        assert sorted(answers) == [302, 409]
        assert facts(order) == ("cancelled", {"cancelled"}, {"cancelled"})


def test_try_again_pressed_twice_at_once_tries_once(world):
    for _round in range(ROUNDS):
        order = failed(world)

        assert at_once(*(press(browser, RETRY, order.pk) for browser in world.staff)) == [302, 302]
        with acting(OPERATOR):
            assert set(order.lines.values_list("attempt", flat=True)) == {2}
            keys = [line.promise_key for line in order.lines.all()]
            assert OutboxMessage.objects.filter(key__in=keys).count() == len(NAMES)
        do_background_work()

        assert facts(order) == ("completed", {"fulfilled"}, {"active"})


def test_tried_again_or_left_but_never_both(world):
    for _round in range(ROUNDS):
        order = failed(world)

        one, other = world.staff
        answers = at_once(press(one, RETRY, order.pk), press(other, LEAVE, order.pk))
        do_background_work()

        assert answers == [302, 302]
        assert facts(order) in [
            ("completed", {"fulfilled"}, {"active"}),
            ("cancelled", {"cancelled"}, {"cancelled"}),
        ]


def test_a_stuck_order_is_revived_once_by_staff_and_the_round(world):
    for _round in range(ROUNDS):
        order = ordered(world)
        with acting(OPERATOR):
            OutboxMessage.objects.all().delete()
            Order.objects.filter(pk=order.pk).update(
                moved_at=now() - 2 * settings.ORDER_STUCK_AFTER
            )

        at_once(press(world.staff[0], REVIVE, order.pk), look_after_orders, look_after_orders)

        with acting(OPERATOR):
            assert set(order.lines.values_list("attempt", flat=True)) == {2}
            assert OutboxMessage.objects.count() == len(NAMES)
        do_background_work()
        assert facts(order)[0] == "completed"


def _running():
    with acting(OPERATOR):
        running = OutboxMessage.objects.filter(status="running").first()
        return running and OrderLine.objects.get(pk=running.kwargs["line_id"]).name


def _let_the_lease_run_out():
    with acting(OPERATOR):
        OutboxMessage.objects.filter(status="running").update(lease_until="2021-01-01T00:00Z")
