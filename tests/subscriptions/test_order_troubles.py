"""A market that does not answer, a worker that does not come: what waits, ends, and is said."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils.timezone import now

from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.scope import SYSTEM, acting
from subscriptions import marketplace, services
from subscriptions.models import Order, OrderLine, Subscription
from subscriptions.rounds import look_after_orders
from tests.factories import make_membership, make_offer
from tests.subscriptions.conftest import do_background_work

DETAIL, REVIVE = "subscriptions:order_detail", "subscriptions:order_revive"
CLOSED = marketplace.NO_ANSWER


@pytest.fixture
def order(provider, customer, offer):
    """Two lines, of which the market has set up nothing yet."""
    return services.place_order(
        customer,
        actor=provider,
        quantities={offer.pk: 5, make_offer("Power BI Pro", price="9.40").pk: 5},
        reseller_of_record=None,
        submission=uuid4(),
    )


@pytest.fixture
def market(monkeypatch):
    """A market that does not answer for the offers named in ``closed_for``."""
    open_market, closed_for = marketplace.activate, {"Power BI Pro"}

    def activate(line):
        if line.name in closed_for:
            raise marketplace.Unavailable(CLOSED)
        return open_market(line)

    monkeypatch.setattr(marketplace, "activate", activate)
    return closed_for


def let_time_pass():
    """Whatever waits for its next try is due."""
    OutboxMessage.objects.filter(status="queued").update(available_at=now())


def statuses(order):
    return dict(order.lines.values_list("name", "status"))


def promise_of(line):
    return OutboxMessage.objects.get(key=line.promise_key)


def forget(order, status=None):
    """Nothing has happened for too long; the promises are in ``status`` (None: were lost)."""
    Order.objects.update(moved_at=now() - settings.ORDER_STUCK_AFTER - timedelta(minutes=1))
    if status:
        OutboxMessage.objects.update(status=status, available_at=now() + timedelta(minutes=4))
    else:
        OutboxMessage.objects.all().delete()
    order.refresh_from_db()


def test_what_the_market_does_not_answer_is_tried_again(order, market, staff):
    do_background_work()

    assert statuses(order) == {"Business Premium": "fulfilled", "Power BI Pro": "pending"}
    page = staff.open(DETAIL, order.pk).text
    assert CLOSED in page and "Tried 1 time, next try" in page

    market.clear()
    let_time_pass()
    do_background_work()
    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED
    assert "next try" not in staff.open(DETAIL, order.pk).text


def test_the_pauses_grow(order, market):
    pauses = []
    for _try in range(6):
        let_time_pass()
        while work_once():
            pass
        pauses.append(promise_of(order.lines.get(name="Power BI Pro")).available_at - now())

    seconds = [pause.total_seconds() for pause in pauses]
    assert seconds[5] > seconds[3] > seconds[1]


def test_there_is_an_end_with_a_reason_and_a_way_on(order, market, staff):
    for _try in range(OutboxMessage.MAX_ATTEMPTS):
        let_time_pass()
        do_background_work()

    order.refresh_from_db()
    assert order.status == Order.Status.FAILED
    line = order.lines.get(status="failed")
    assert (line.error, len(line.tries)) == (CLOSED, OutboxMessage.MAX_ATTEMPTS)
    page = staff.open(DETAIL, order.pk).text
    assert f"Tried {OutboxMessage.MAX_ATTEMPTS} times." in page and "Try again" in page
    assert promise_of(line).status == "done"  # nothing is left to be found under Deliveries

    market.clear()
    staff.send("subscriptions:line_retry", order.pk, data={"line": line.pk})
    do_background_work()
    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED


def test_a_lasting_refusal_fails_at_once(order, monkeypatch):
    def refuse(line):
        raise marketplace.Refused("Not in this country.")

    monkeypatch.setattr(marketplace, "activate", refuse)
    do_background_work()

    order.refresh_from_db()
    assert order.status == Order.Status.FAILED
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {1}


def test_what_waits_for_its_next_try_can_be_called_off(order, market, provider):
    do_background_work()

    services.cancel_order(order, actor=provider)
    let_time_pass()
    do_background_work()

    assert set(statuses(order).values()) == {"cancelled"}
    assert set(Subscription.objects.values_list("status", flat=True)) == {"cancelled"}


def test_the_page_tells_the_story(order, market, staff, provider):
    do_background_work()
    market.clear()
    let_time_pass()
    do_background_work()
    staff.send("subscriptions:order_cancel", order.pk)

    titles = [entry["title"] for entry in staff.open(DETAIL, order.pk).context["history"]]

    assert titles[0] == f"{provider.user} cancelled an order"
    assert titles[-1] == f"{provider.user} placed an order"
    assert titles.count("The market could not be asked") == 1
    assert titles.count("The system provisioned an order line") == 2
    assert "The system completed an order" in titles


def test_starting_a_waiting_order_is_not_placing_it_again(provider, customer, offer, staff):
    type(customer).objects.update(agreement="asked", agreement_date=None)
    customer.refresh_from_db()
    order = services.place_order(
        customer,
        actor=provider,
        quantities={offer.pk: 5},
        reseller_of_record=None,
        submission=uuid4(),
    )
    type(customer).objects.update(agreement="accepted", agreement_date=now())
    services.start_order(order, actor=provider)

    history = staff.open(DETAIL, order.pk).context["history"]

    assert history[0]["title"].endswith("started the order: the customer agreement is accepted")
    assert history[-1]["details"] == "It waits for the customer agreement."


# Orders in which nothing happens.


def test_a_stuck_order_says_so_everywhere(order, staff):
    assert "stuck" not in staff.open(DETAIL, order.pk).text
    forget(order, "queued")

    page = staff.open(DETAIL, order.pk).text
    assert "This order is stuck" in page and "Try again now" in page
    assert "Stuck" in staff.open("subscriptions:order_list").text
    listed = staff.open("subscriptions:order_list", status="stuck").context["page"].rows
    assert [row.pk for row in listed] == [order.pk]
    assert "1 order is stuck" in staff.open("subscriptions:home").text


def test_the_round_makes_up_for_lost_promises(order):
    forget(order)

    look_after_orders()
    do_background_work()

    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED
    assert AuditEntry.objects.filter(action="order.revived", actor=None).exists()


def test_the_round_ends_what_was_given_up(order, staff):
    forget(order, "failed")

    look_after_orders()

    order.refresh_from_db()
    assert order.status == Order.Status.FAILED
    assert "could not be set up in several tries" in staff.open(DETAIL, order.pk).text


def test_the_round_rings_for_what_waits_and_tells_nobody(order):
    forget(order, "queued")

    look_after_orders()

    assert not OutboxMessage.objects.filter(available_at__gt=now()).exists()
    assert not AuditEntry.objects.filter(action="order.revived").exists()
    order.refresh_from_db()
    assert order.is_stuck  # until something really happens


@pytest.mark.parametrize("settled", ["waiting", "completed", "failed", "cancelled"])
def test_only_running_orders_get_stuck(order, settled):
    Order.objects.update(status=settled)
    forget(order, "queued")

    assert not order.is_stuck
    with acting(SYSTEM):
        assert not Order.objects.stuck().exists()


def test_staff_have_a_stuck_order_go_on(order, staff, provider):
    forget(order, "queued")

    response = staff.send(REVIVE, order.pk)
    do_background_work()

    assert response["Location"] == staff.url(DETAIL, order.pk)
    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED
    assert AuditEntry.objects.filter(action="order.revived", actor=provider.user).exists()


def test_an_order_that_has_gone_on_is_left_alone(order, staff):
    assert staff.send(REVIVE, order.pk).status_code == 302

    assert not AuditEntry.objects.filter(action="order.revived").exists()
    assert OrderLine.objects.filter(attempt=1).count() == 2


def test_another_providers_staff_find_no_stuck_order(order, browser_of, outsider):
    forget(order, "queued")

    assert browser_of(outsider).send(REVIVE, order.pk).status_code == 404


def test_without_a_role_nobody_revives(order, browser_of, provider):
    forget(order, "queued")
    colleague = make_membership(organization=provider.organization)
    type(colleague).objects.filter(pk=colleague.pk).update(roles=[])

    assert browser_of(colleague).send(REVIVE, order.pk).status_code == 403
