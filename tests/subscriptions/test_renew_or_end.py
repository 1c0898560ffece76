"""*Subscription details*: cancel within the window, auto-renew, and what changes at renewal."""

from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate, now

from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from subscriptions import services
from subscriptions.models import Subscription
from tests.factories import (
    make_assignment,
    make_membership,
    make_offer,
    make_person,
    make_subscription,
    make_trial,
)
from tests.subscriptions.test_change_subscription import DETAIL, change, fields, form_of
from tests.subscriptions.test_confirm_changes import press, submit, text_of

CONVERT = "subscriptions:trial_convert"
RENEWAL = {"auto_renew", "renewal_quantity", "renewal_plan"}
A_YEAR = timedelta(days=365)


@pytest.fixture
def subscription(customer, offer):
    """Ten licenses for a year, bought today."""
    return make_subscription(customer, offer, ends_on=localdate() + A_YEAR)


@pytest.fixture
def trial(customer, offer):
    ends_on = localdate() + timedelta(days=30)
    fields = {"quantity": 25, "unit_price": 0, "auto_renew": False, "ends_on": ends_on}
    return make_subscription(customer, make_trial(offer), **fields)


def day(date):
    return date_format(date, "DATE_FORMAT")


def sell_as(offer, price, **fields):
    """The same thing for another term or billing plan."""
    fields = {"term": offer.term, "billing": offer.billing} | fields
    return make_offer(offer.name, price, sku_id=offer.sku_id, **fields)


def test_every_status_says_its_day(staff, subscription):
    page = text_of(staff.open(DETAIL, subscription.pk))

    deleted = localdate(now() + settings.DELETION_AFTER_SUSPENSION)
    assert f"Active – renews on {day(subscription.ends_on)}" in page
    assert f"its data is deleted on {day(deleted)}" in page
    assert f"Cancel subscription – until {day(subscription.last_day_to_cancel)}" in page


def test_cancelling_is_final_credited_and_asked_about(staff, customer, offer, subscription):
    phone = make_offer("Phone", is_add_on=True)
    make_subscription(customer, phone, base=subscription, ends_on=subscription.ends_on)

    asked = submit(staff, subscription, status="cancelled", quantity="12")

    words = text_of(asked)
    assert "<del>Active</del> → <ins>Cancelled</ins>" in words
    assert "It ends at once and can't be resumed: this is final." in words
    assert "€206.00 is credited for the days that were paid and not used." in words
    assert "Its add-ons end with it: Phone." in words
    assert "<ins>12</ins>" not in words  # nothing else is written with it
    subscription.refresh_from_db()
    assert subscription.status == "active"

    page = staff.get(press(staff, subscription, asked, "confirm")["Location"])

    subscription.refresh_from_db()
    assert (subscription.status, subscription.quantity) == ("cancelled", 10)
    assert "€206.00" in page.text and 'name="status"' not in page.text


def test_after_the_window_it_cannot_be_cancelled(staff, subscription):
    opened = form_of(staff, subscription) | {"status": "cancelled", "action": "confirm"}
    Subscription.objects.update(started_on=localdate() - settings.CANCELLATION_WINDOW)

    assert "Cancel subscription" not in staff.open(DETAIL, subscription.pk).text
    assert staff.send(DETAIL, subscription.pk, data=opened).status_code == 422
    subscription.refresh_from_db()
    assert subscription.status == "active"


def test_resuming_asks_where_it_buys_a_new_term(staff, subscription):
    days = {"started_on": localdate() - A_YEAR, "ends_on": localdate() - timedelta(days=1)}
    Subscription.objects.update(status="suspended", suspended_at=now(), **days)

    asked = submit(staff, subscription, status="active")

    assert "Its term has run out: a new one begins today" in asked.text
    assert press(staff, subscription, asked, "confirm").status_code == 302
    subscription.refresh_from_db()
    assert (subscription.status, subscription.started_on) == ("active", localdate())


def test_the_tick_ends_it_with_its_term(staff, subscription):
    opened = form_of(staff, subscription)
    assert opened["auto_renew"] == "on"
    del opened["auto_renew"]

    assert staff.send(DETAIL, subscription.pk, data=opened).status_code == 302

    subscription.refresh_from_db()
    assert not subscription.auto_renew
    page = text_of(staff.open(DETAIL, subscription.pk))
    assert f"Active – ends on {day(subscription.ends_on)}" in page
    assert change(staff, subscription, auto_renew="on").status_code == 302
    subscription.refresh_from_db()
    assert subscription.auto_renew


def test_the_next_term_is_planned_on_the_same_form(staff, offer, subscription):
    sell_as(offer, "230.00", billing="annual")
    page = text_of(staff.open(DETAIL, subscription.pk))
    assert "1 year, Monthly · €20.60 per month" in page
    assert "1 year, Annual · €230.00 per year" in page

    planned = {"renewal_quantity": "8", "renewal_plan": "P1Y/annual", "quantity": "15"}
    assert change(staff, subscription, **planned).status_code == 302

    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.renewal_quantity) == (15, 8)
    assert (subscription.renewal_term, subscription.renewal_billing) == ("", "annual")
    opened = form_of(staff, subscription)
    assert (opened["renewal_quantity"], opened["renewal_plan"]) == ("8", "P1Y/annual")
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions == {"subscription.changed", "subscription.planned"}
    assert change(staff, subscription, renewal_quantity="", renewal_plan="P1Y/monthly")
    subscription.refresh_from_db()
    assert (subscription.renewal_quantity, subscription.renewal_billing) == (None, "")


@pytest.mark.parametrize(
    "name, typed",
    [
        ("renewal_quantity", "301"),
        ("renewal_quantity", "0"),
        ("renewal_quantity", "ten"),
        ("renewal_plan", "P3Y/monthly"),
        ("renewal_plan", "P1Y"),
        ("renewal_plan", ""),
    ],
)
def test_a_term_that_cannot_be_had_is_refused_and_nothing_is_written(
    staff, subscription, name, typed
):
    response = change(staff, subscription, quantity="12", **{name: typed})

    assert response.status_code == 422
    assert name in response.context["form"].errors
    assert 'value="12"' in response.text
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.version) == (10, 1)


def test_what_is_not_sold_any_more_keeps_nobody_from_other_changes(staff, offer, subscription):
    Subscription.objects.update(renewal_billing="annual")  # was sold when it was planned

    assert change(staff, subscription, quantity="12").status_code == 302


def test_all_or_nothing(staff, provider, subscription, monkeypatch):
    """What the second service refuses takes back what the first one wrote."""
    with pytest.raises(services.LifeRefused):
        services.change_details(
            subscription,
            actor=provider,
            version=1,
            quantity=12,
            renewal={"auto_renew": True, "quantity": 301},
        )
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.version) == (10, 1)


def test_a_plan_of_somebody_else_is_a_conflict_field_by_field(staff, provider, subscription):
    mine = form_of(staff, subscription) | {"renewal_quantity": "8", "nickname": "Sales"}
    services.change_renewal(subscription, actor=provider, version=1, auto_renew=True, quantity=5)

    late = staff.send(DETAIL, subscription.pk, data=mine)

    assert late.status_code == 422
    assert "Ada Wong changed this to “5”" in late.text
    kept = fields(late.text)
    assert (kept["renewal_quantity"], kept["initial-renewal_quantity"]) == ("8", "5")
    assert kept["nickname"] == "Sales"


def test_sales_agents_do_not_change_how_often_it_is_billed(
    browser_of, provider, offer, subscription
):
    """domain.md 1a, row 13."""
    sell_as(offer, "230.00", billing="annual")
    sell_as(offer, "25.00", term="P1M")
    agent = browser_of(make_membership(Role.SALES_AGENT, organization=provider.organization))

    page = agent.open(DETAIL, subscription.pk).text
    assert "P1M/monthly" in page and "P1Y/annual" not in page
    assert change(agent, subscription, renewal_plan="P1Y/annual").status_code == 422
    assert change(agent, subscription, renewal_plan="P1M/monthly").status_code == 302


def test_the_reseller_neither_cancels_nor_plans(browser_of, reseller, subscription):
    delegate = browser_of(reseller)
    opened = form_of(delegate, subscription)
    assert not RENEWAL & set(opened) and opened["status"] == "active"

    attack = {"renewal_quantity": "5", "renewal_plan": "P1Y/monthly", "nickname": "x"}
    assert change(delegate, subscription, **attack).status_code == 302
    assert change(delegate, subscription, status="cancelled").status_code == 422

    subscription.refresh_from_db()
    assert (subscription.version, subscription.auto_renew, subscription.status) == (
        1,
        True,
        "active",
    )
    assert delegate.open(CONVERT, subscription.pk).status_code == 404


# A trial becomes a paid subscription.


def convert(browser, trial, paid, **changes):
    chosen = f"{paid.pk}:{paid.prices.get().unit_price}"
    data = {"version": "1", "offer": chosen, "quantity": "12"} | changes
    return browser.send(CONVERT, trial.pk, data=data)


def test_a_trial_leads_to_its_conversion(staff, trial, offer):
    page = staff.open(DETAIL, trial.pk).text
    assert "Convert trial to paid subscription" in page and 'name="auto_renew"' not in page

    form = staff.open(CONVERT, trial.pk).text
    assert "Business Premium · 1 year, Monthly · €20.60 per month" in form
    assert convert(staff, trial, offer)["Location"] == staff.url(DETAIL, trial.pk)

    trial.refresh_from_db()
    assert (trial.offer, trial.quantity, trial.status) == (offer, 12, "active")
    assert "Convert trial" not in staff.open(DETAIL, trial.pk).text


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"quantity": "301"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "x"}, "quantity"),
        ({"offer": ""}, "offer"),
        ({"offer": "1:0.00"}, "offer"),
        ({"offer": "\x00"}, "offer"),
    ],
)
def test_what_it_cannot_become_is_refused(staff, trial, offer, changes, field):
    response = convert(staff, trial, offer, **changes)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    trial.refresh_from_db()
    assert trial.version == 1


def test_at_another_price_one_is_asked_again(staff, trial, offer):
    seen = f"{offer.pk}:20.60"
    offer.prices.update(unit_price="30.00")

    response = convert(staff, trial, offer, offer=seen)

    assert response.status_code == 422
    assert "This offer or its price has changed." in response.text and "€30.00" in response.text


def test_users_keep_their_licenses(staff, trial, offer, customer):
    for _ in range(3):
        make_assignment(trial, make_person(customer.organization))

    assert "3 licenses are assigned" in convert(staff, trial, offer, quantity="2").text


def test_who_was_overtaken_is_told_and_may_apply_again(staff, provider, trial, offer):
    services.change_subscription(trial, actor=provider, version=1, nickname="Try")

    late = convert(staff, trial, offer)

    assert late.status_code == 422 and "has just been changed" in late.text
    version = unescape(late.text).partition('name="version" value="')[2].partition('"')[0]
    assert convert(staff, trial, offer, version=version).status_code == 302


def test_what_is_no_trial_is_not_converted(staff, subscription, offer):
    assert "This is no trial" in staff.open(CONVERT, subscription.pk).text
    assert convert(staff, subscription, offer).status_code == 409
