"""Setting up what was ordered: in the background, line by line, once, and again where it failed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils.timezone import localdate, now

from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.outbox import worker
from portal.outbox.models import OutboxMessage
from subscriptions import marketplace, provisioning, services, tasks
from subscriptions.models import Offer, Order, OrderLine, Subscription, Term
from tests.factories import make_customer, make_offer
from tests.subscriptions.conftest import do_background_work

DETAIL = "subscriptions:order_detail"


@pytest.fixture
def second_offer(db):
    return make_offer("Power BI Pro", price="9.40")


@pytest.fixture
def order(provider, customer, offer, second_offer):
    return place(provider, customer, offer, second_offer)


@pytest.fixture
def failed(order, second_offer):
    """Of two lines, one failed because its offer is not sold any more."""
    Offer.objects.filter(pk=second_offer.pk).update(is_available=False)
    do_background_work()
    order.refresh_from_db()
    return order


def place(actor, customer, *offers):
    return services.place_order(
        customer,
        actor=actor,
        quantities={offer.pk: 5 for offer in offers},
        reseller_of_record=None,
        submission=uuid4(),
    )


def statuses(order):
    return dict(order.lines.values_list("name", "status"))


def test_every_line_becomes_an_active_subscription(order):
    do_background_work()

    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED
    for subscription in Subscription.objects.all():
        assert subscription.status == Subscription.Status.ACTIVE
        assert subscription.started_on == localdate()
        assert subscription.ends_on == marketplace.term_end(localdate(), "P1Y")


def test_it_is_recorded_as_the_systems_work(order, provider):
    do_background_work()

    entries = AuditEntry.objects.filter(organization=provider.organization, actor=None)
    assert {entry.action for entry in entries} == {
        "subscription.active",
        "orderline.fulfilled",
        "order.completed",
    }


@pytest.mark.parametrize(
    "start,term,end",
    [
        (date(2026, 1, 31), Term.MONTH, date(2026, 2, 28)),
        (date(2026, 12, 15), Term.MONTH, date(2027, 1, 15)),
        (date(2024, 2, 29), Term.YEAR, date(2025, 2, 28)),
        (date(2026, 11, 22), Term.THREE_YEARS, date(2029, 11, 22)),
        (date(2026, 11, 22), Term.SIX_YEARS, date(2032, 11, 22)),
        (date(2026, 12, 31), Term.TRIAL, date(2027, 1, 30)),
    ],
)
def test_terms_end_on_the_same_day_or_the_last_of_the_month(start, term, end):
    assert marketplace.term_end(start, term) == end


def test_trials_are_not_renewed_by_themselves(provider, customer):
    place(provider, customer, make_offer("Trial", is_trial=True, term="P30D", billing="none"))

    assert not Subscription.objects.get().auto_renew


def test_doing_it_twice_does_nothing_new(order):
    do_background_work()
    before = list(Subscription.objects.values_list("version", "changed_at"))
    entries = AuditEntry.objects.count()

    for line in order.lines.all():
        tasks.provision_line(line.pk)

    assert list(Subscription.objects.values_list("version", "changed_at")) == before
    assert AuditEntry.objects.count() == entries


def test_a_worker_killed_in_the_middle_leaves_no_half(order, monkeypatch):
    class PowerCut(BaseException):
        pass

    def cut(*args, **kwargs):
        raise PowerCut

    monkeypatch.setattr(provisioning, "settle", cut)  # everything before it is done by then
    with pytest.raises(PowerCut):
        worker.work_once()
    monkeypatch.undo()

    assert set(statuses(order).values()) == {OrderLine.Status.PENDING}
    assert not Subscription.objects.filter(status="active").exists()
    OutboxMessage.objects.update(lease_until=now() - timedelta(seconds=1))  # nobody came back
    do_background_work()
    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED


def test_a_failed_line_leaves_the_rest_intact_and_says_why(failed, staff):
    assert failed.status == Order.Status.FAILED
    assert statuses(failed) == {"Business Premium": "fulfilled", "Power BI Pro": "failed"}
    assert Subscription.objects.get(name="Business Premium").status == "active"
    assert Subscription.objects.get(name="Power BI Pro").status == "pending"

    page = staff.open(DETAIL, failed.pk)
    assert "This offer is not sold any more." in page.text
    assert "Try again" in page.text and "Leave it" in page.text
    assert "Partly failed" in page.text


def test_the_reason_is_said_in_the_readers_language(failed):
    assert failed.lines.get(status="failed").error == "This offer is not sold any more."


def test_a_failed_line_can_be_tried_again(failed, staff, second_offer):
    Offer.objects.filter(pk=second_offer.pk).update(is_available=True)
    line = failed.lines.get(status="failed")

    response = staff.send("subscriptions:line_retry", failed.pk, data={"line": line.pk})
    do_background_work()

    assert response["Location"] == staff.url(DETAIL, failed.pk)
    failed.refresh_from_db()
    line.refresh_from_db()
    assert (failed.status, line.status, line.error) == ("completed", "fulfilled", "")
    assert Subscription.objects.get(name="Power BI Pro").status == "active"


def test_trying_again_can_fail_again(failed, provider):
    services.retry_lines(failed, actor=provider)
    do_background_work()

    failed.refresh_from_db()
    assert failed.status == Order.Status.FAILED
    assert failed.lines.get(status="failed").attempt == 2


def test_trying_again_twice_promises_it_once(failed, staff):
    for _press in range(2):
        assert staff.send("subscriptions:line_retry", failed.pk).status_code == 302

    keys = OutboxMessage.objects.filter(status="queued").values_list("key", flat=True)
    assert len(keys) == 1


def test_a_failed_line_can_be_left(failed, staff):
    staff.send("subscriptions:line_cancel", failed.pk)

    failed.refresh_from_db()
    assert failed.status == Order.Status.COMPLETED
    assert statuses(failed) == {"Business Premium": "fulfilled", "Power BI Pro": "cancelled"}
    assert Subscription.objects.get(name="Power BI Pro").status == "cancelled"


def test_leaving_the_only_line_cancels_the_order(provider, customer, second_offer):
    order = place(provider, customer, second_offer)
    Offer.objects.filter(pk=second_offer.pk).update(is_available=False)
    do_background_work()

    services.leave_lines(order, actor=provider)

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED


@pytest.mark.parametrize("line", ["0", "x", "٣", "9" * 40, "-1", "\x00"])
def test_unknown_lines_are_not_found(failed, staff, line):
    for name in ("subscriptions:line_retry", "subscriptions:line_cancel"):
        assert staff.send(name, failed.pk, data={"line": line}).status_code == 404


def test_lines_of_other_orders_are_not_found(failed, staff, provider, customer, offer):
    other = place(provider, customer, offer).lines.get()

    response = staff.send("subscriptions:line_retry", failed.pk, data={"line": other.pk})

    assert response.status_code == 404


def test_a_customer_that_is_gone_gets_nothing(order, customer):
    type(customer).objects.filter(pk=customer.pk).update(status="removed")
    do_background_work()

    assert set(statuses(order).values()) == {"failed"}


# Orders that wait for the customer agreement.


@pytest.fixture
def waiting(provider, offer):
    customer = make_customer(provider.organization, agreement="asked", agreement_date=None)
    return place(provider, customer, offer)


def test_without_agreement_nothing_is_set_up(waiting, staff):
    do_background_work()

    waiting.refresh_from_db()
    assert waiting.status == Order.Status.WAITING
    assert Subscription.objects.get().status == "pending"
    assert "has not accepted the customer agreement" in staff.open(DETAIL, waiting.pk).text


def test_confirming_the_agreement_starts_the_order(waiting, staff, provider):
    response = staff.send(
        "subscriptions:order_start", waiting.pk, data={"accepted_on": str(localdate())}
    )
    do_background_work()

    assert response["Location"] == staff.url(DETAIL, waiting.pk)
    waiting.refresh_from_db()
    waiting.customer.refresh_from_db()
    assert waiting.status == Order.Status.COMPLETED
    assert waiting.customer.may_buy
    assert waiting.customer.agreement_last_name == waiting.customer.last_name
    entries = AuditEntry.objects.filter(organization=provider.organization)
    assert entries.filter(action="customer.agreed").exists()


def test_an_agreement_accepted_meanwhile_needs_no_date(waiting, staff):
    type(waiting.customer).objects.update(agreement="accepted", agreement_date=localdate())

    staff.send("subscriptions:order_start", waiting.pk)

    waiting.refresh_from_db()
    assert waiting.status == Order.Status.PLACED


@pytest.mark.parametrize("day", ["", "tomorrow", "2999-01-01", "2026-02-30", "\x00", "9" * 99])
def test_dates_that_cannot_be_are_refused(waiting, staff, day):
    response = staff.send("subscriptions:order_start", waiting.pk, data={"accepted_on": day})

    assert response.status_code == 422
    waiting.refresh_from_db()
    assert waiting.status == Order.Status.WAITING
    assert not OutboxMessage.objects.exists()


def test_starting_twice_starts_once(waiting, staff):
    for _press in range(2):
        data = {"accepted_on": str(localdate())}
        assert staff.send("subscriptions:order_start", waiting.pk, data=data).status_code == 302

    assert OutboxMessage.objects.count() == 1


# Taking an order back.


def test_an_order_can_be_cancelled_within_its_window(order, staff):
    do_background_work()
    page = staff.open("subscriptions:order_cancel", order.pk)
    assert "Cancel this order?" in page.text
    assert Order.objects.get().status == Order.Status.COMPLETED  # looking changes nothing

    response = staff.send("subscriptions:order_cancel", order.pk)

    assert response["Location"] == staff.url(DETAIL, order.pk)
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert set(Subscription.objects.values_list("status", flat=True)) == {"cancelled"}
    assert set(statuses(order).values()) == {"cancelled"}


def test_an_order_cancelled_before_it_was_set_up_stays_cancelled(order, provider):
    services.cancel_order(order, actor=provider)
    do_background_work()

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert set(Subscription.objects.values_list("status", flat=True)) == {"cancelled"}


def test_suspended_ones_are_taken_back_too(order, provider):
    do_background_work()
    Subscription.objects.update(status="suspended")

    services.cancel_order(order, actor=provider)

    assert set(Subscription.objects.values_list("status", flat=True)) == {"cancelled"}


def test_after_the_window_it_is_too_late(order, staff, provider):
    Order.objects.update(placed_at=now() - settings.CANCELLATION_WINDOW)

    assert "can't be cancelled any more" in staff.open("subscriptions:order_cancel", order.pk).text
    assert staff.send("subscriptions:order_cancel", order.pk).status_code == 409
    order.refresh_from_db()
    with pytest.raises(InvalidTransition):
        services.cancel_order(order, actor=provider)
    assert order.status == Order.Status.PLACED


def test_cancelling_twice_is_told(order, staff):
    assert staff.send("subscriptions:order_cancel", order.pk).status_code == 302
    assert staff.send("subscriptions:order_cancel", order.pk).status_code == 409
