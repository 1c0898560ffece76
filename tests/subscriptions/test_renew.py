"""At the end of its term a subscription goes on, or it doesn't: on the day, or made up for."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils.timezone import localdate, now

from portal.audit.models import AuditEntry
from portal.notices.models import Notice
from subscriptions.models import LicenseRequest, OfferPrice, Subscription
from subscriptions.services import approve_request, change_renewal
from subscriptions.services.life import bring_up_to_date
from tests.factories import (
    make_assignment,
    make_license_request,
    make_offer,
    make_person,
    make_user,
)
from tests.subscriptions.living import (
    DAY,
    END,
    START,
    a_trial,
    a_year,
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


def test_the_day_before_nothing_happens(subscription):
    assert bring_up_to_date(subscription, on=END - DAY) == 0


def test_on_its_last_day_it_goes_on_at_the_price_of_today(subscription, offer):
    costs_now(offer, "22.00")

    renewed = live(subscription, END)

    assert (renewed.started_on, renewed.ends_on) == (END, date(2028, 3, 14))
    assert (renewed.quantity, renewed.unit_price) == (10, Decimal("22.00"))
    entry = AuditEntry.objects.about(renewed).first()
    assert (entry.action, entry.actor) == ("subscription.renewed", None)
    assert entry.details == {
        "before": "licenses 10, P1Y, monthly, 20.60 EUR until 2027-03-14",
        "after": "licenses 10, P1Y, monthly, 22.00 EUR until 2028-03-14",
    }


def test_once_is_enough(subscription):
    assert bring_up_to_date(subscription, on=END) == 1
    assert bring_up_to_date(subscription, on=END) == 0


def test_the_time_to_cancel_begins_anew(subscription):
    with time_machine.travel("2027-03-20 12:00+00:00"):
        assert not subscription.can_be_cancelled
        renewed = live(subscription, END)
        assert renewed.can_be_cancelled
        assert renewed.last_day_to_cancel == localdate()
        assert renewed.floor == 1


def test_what_was_planned_is_done_and_forgotten(customer, offer):
    sell_as(offer, "240.00", billing="annual")
    planned = a_year(customer, offer, renewal_quantity=25, renewal_billing="annual")

    renewed = live(planned, END)

    assert (renewed.quantity, renewed.billing) == (25, "annual")
    assert renewed.unit_price == Decimal("240.00")
    assert (renewed.offer.billing, renewed.renewal_quantity) == ("annual", None)
    assert renewed.renewal_billing == ""


def test_nobody_loses_a_license_by_a_plan(customer, offer):
    planned = a_year(customer, offer, renewal_quantity=1)
    for _ in range(3):
        make_assignment(planned, make_person(customer.organization))

    renewed = live(planned, END)

    assert (renewed.quantity, renewed.assigned) == (3, 3)
    assert AuditEntry.objects.about(renewed).first().details["planned"] == 1


def test_a_plan_that_is_not_sold_any_more_leaves_it_as_it_is(customer, offer):
    planned = a_year(customer, offer, renewal_term="P3Y")

    renewed = live(planned, END)

    assert (renewed.status, renewed.term) == (Status.ACTIVE, "P1Y")
    assert AuditEntry.objects.about(renewed).first().details["not_sold"] == "P3Y"


def test_terms_that_were_missed_are_made_up_for(customer):
    monthly = a_year(
        customer,
        make_offer(term="P1M"),
        started_on=date(2026, 12, 31),
        ends_on=date(2027, 1, 31),
        anchor_day=31,
    )

    assert bring_up_to_date(monthly, on=date(2027, 4, 30)) == 4

    renewed = Subscription.objects.get(pk=monthly.pk)
    assert (renewed.started_on, renewed.ends_on) == (date(2027, 4, 30), date(2027, 5, 31))
    entries = AuditEntry.objects.about(monthly).filter(organization=customer.provider)
    ends = [entry.details["after"][-10:] for entry in reversed(entries)]
    assert ends == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_what_begins_on_the_29th_of_february_comes_back_to_it(customer, offer):
    leap = a_year(customer, offer, started_on=date(2024, 2, 29), ends_on=date(2025, 2, 28))

    assert live(leap, date(2028, 2, 29)).started_on == date(2028, 2, 29)


@pytest.mark.parametrize("gone", [withdraw, lambda o: OfferPrice.objects.filter(offer=o).delete()])
def test_what_is_not_sold_any_more_ends(subscription, offer, gone):
    gone(offer)

    ended = live(subscription, END)

    assert (ended.status, ended.ended_because) == (Status.EXPIRED, Ending.WITHDRAWN)
    entry = AuditEntry.objects.about(ended).first()
    assert (entry.actor, entry.details["reason"]) == (None, "withdrawn")


def test_without_automatic_renewal_it_ends(customer, offer):
    ended = live(a_year(customer, offer, auto_renew=False), END)

    assert (ended.status, ended.ended_because) == (Status.EXPIRED, Ending.NOT_RENEWED)
    assert ended.ends_on == END


def test_a_trial_ends_and_everybody_is_told(customer):
    trial = a_trial(customer, started_on=START, ends_on=START + 30 * DAY)

    ended = live(trial, START + 30 * DAY)

    assert (ended.status, ended.ended_because) == (Status.EXPIRED, Ending.TRIAL)
    told = {(n.organization_id, n.kind) for n in Notice.objects.all()}
    assert told == {
        (customer.provider_id, "subscription_expired"),
        (customer.reseller_id, "subscription_expired"),
        (customer.organization_id, "own_subscription_expired"),
    }


def test_what_was_approved_for_the_renewal_comes_first(subscription):
    asked = make_license_request(
        subscription,
        quantity=4,
        due_on=END,
        status=LicenseRequest.Status.APPROVED,
        decided_by=make_user(),
        decided_for=subscription.provider,
        decided_at=now(),
    )

    with time_machine.travel("2027-03-15 00:05+00:00"):
        renewed = live(subscription, localdate())

    asked.refresh_from_db()
    assert (renewed.quantity, renewed.started_on) == (4, END)
    assert asked.applied_at


def test_the_later_of_a_plan_and_an_approval_holds(subscription, provider):
    with time_machine.travel("2027-01-10 12:00+00:00"):
        planned, _changed = change_renewal(
            subscription, actor=provider, version=1, auto_renew=True, quantity=20
        )
        asked = make_license_request(subscription, quantity=4, due_on=END)
        approve_request(asked, actor=provider, version=planned.version)
        planned.refresh_from_db()
        assert planned.renewal_quantity is None

        change_renewal(
            planned, actor=provider, version=planned.version, auto_renew=True, quantity=6
        )
        asked.refresh_from_db()
        assert asked.status == LicenseRequest.Status.EXPIRED

    assert live(subscription, END).quantity == 6
