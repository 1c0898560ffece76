"""What hurts is said, old → new, before it is written; and the nickname, which never hurts."""

from html import unescape

import pytest
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate, now

from portal.audit.models import AuditEntry
from subscriptions import services
from subscriptions.models import Subscription
from tests.factories import make_partner, make_partnership, make_subscription
from tests.subscriptions.test_change_subscription import DETAIL, fields, form_of

LIST = "subscriptions:subscription_list"


@pytest.fixture
def subscription(customer, offer, partnership):
    """Ten licenses of today, three of them assigned, that name the customer's reseller."""
    return make_subscription(customer, offer, reseller_of_record=partnership.location, assigned=3)


def submit(browser, subscription, **changes):
    return browser.send(DETAIL, subscription.pk, data=form_of(browser, subscription) | changes)


def press(browser, subscription, page, action):
    """One of the buttons of the page that asks."""
    return browser.send(DETAIL, subscription.pk, data=fields(page.text) | {"action": action})


def text_of(page):
    return unescape(page.text)


def test_a_reduction_is_asked_about_first(staff, subscription):
    page = submit(staff, subscription, quantity="4", nickname="Sales team")

    assert page.status_code == 200
    for words in (
        "Confirm the changes",
        "<del>10</del> → <ins>4</ins>",
        "<del>–</del> → <ins>Sales team</ins>",
        "6 licenses are taken back at once. Users keep those that are assigned to them.",
        "From now on: €82.40 per month.",
    ):
        assert words in text_of(page)
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.version) == (10, 1)
    assert not AuditEntry.objects.exists()

    assert press(staff, subscription, page, "confirm").status_code == 302
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.nickname) == (4, "Sales team")


def test_back_returns_to_the_form_with_what_was_typed(staff, subscription):
    asked = submit(staff, subscription, quantity="4", nickname="Sales team")

    page = press(staff, subscription, asked, "back")

    assert page.status_code == 200
    form = fields(page.text)
    assert (form["quantity"], form["nickname"]) == ("4", "Sales team")
    assert (form["initial-quantity"], form["version"]) == ("10", "1")
    subscription.refresh_from_db()
    assert subscription.version == 1
    assert press(staff, subscription, page, "confirm").status_code == 302


@pytest.mark.parametrize("changes", [{"quantity": "25"}, {"nickname": "x"}, {}], ids=str)
def test_what_hurts_nobody_is_written_at_once(staff, subscription, changes):
    assert submit(staff, subscription, **changes).status_code == 302


def test_a_suspension_says_until_when_it_can_be_taken_back(staff, subscription):
    page = submit(staff, subscription, status="suspended")

    day = date_format(localdate(now() + settings.DELETION_AFTER_SUSPENSION), "DATE_FORMAT")
    assert "<del>Active</del> → <ins>Suspended</ins>" in page.text
    assert f"On {day} the data is deleted unless the subscription is resumed." in page.text
    subscription.refresh_from_db()
    assert subscription.status == "active"


def test_resuming_needs_no_second_thought(staff, subscription):
    Subscription.objects.update(status="suspended", suspended_at=now())

    assert submit(staff, subscription, status="active").status_code == 302


def test_another_reseller_says_who_earns(staff, provider, partnership, subscription):
    other = make_partnership(provider.organization, make_partner(name="Alpina"))

    page = text_of(submit(staff, subscription, mpn_id=other.location.mpn_id))

    name = partnership.reseller.name
    assert f"<del>{name} · {partnership.location}</del> → <ins>Alpina · {other.location}" in page
    assert f"{name} no longer earns the incentive for this subscription." in page
    assert "Alpina earns it from now on." in page


def test_no_reseller_says_that_nobody_earns(staff, subscription):
    page = submit(staff, subscription, reseller_of_record="none")

    assert "<ins>No indirect reseller</ins>" in page.text
    assert "Nobody earns the incentive from now on." in page.text


def test_who_confirms_too_late_is_told_what_happened(staff, provider, subscription):
    page = submit(staff, subscription, quantity="4")
    services.change_subscription(subscription, actor=provider, version=1, quantity=20)

    late = press(staff, subscription, page, "confirm")

    assert late.status_code == 422
    assert "Ada Wong changed this to “20”" in late.text
    assert fields(late.text)["quantity"] == "4"
    subscription.refresh_from_db()
    assert subscription.quantity == 20


def test_the_page_that_asks_carries_nothing_but_the_form(staff, subscription):
    hostile = {"quantity": "4", "x": "1", 'a"><script>': "1", "nickname": "<b>'\"&"}

    page = submit(staff, subscription, **hostile)

    assert set(fields(page.text)) <= set(form_of(staff, subscription)) | {"nickname", "mpn_id"}
    assert "<b>" not in page.text and "<script>" not in page.text


def test_the_reseller_is_asked_as_well(browser_of, reseller, subscription):
    delegate = browser_of(reseller)

    page = submit(delegate, subscription, quantity="4", nickname="Ours")

    assert "<ins>4</ins>" in page.text and "Ours" not in page.text
    assert press(delegate, subscription, page, "confirm").status_code == 302
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.nickname) == (4, "")


def test_a_nickname_stands_where_the_products_name_was(staff, vera, subscription):
    submit(staff, subscription, nickname="Sales team")

    for browser in (staff, vera):
        assert "Sales team</h1>" in browser.open(DETAIL, subscription.pk).text
        row = browser.open(LIST).text
        assert ">Sales team</a>" in row and "Business Premium" in row
    assert "Sales team" in staff.open(LIST, q="sales").text
    assert "Sales team" not in staff.open(LIST, q="marketing").text
    entry = AuditEntry.objects.filter(action="subscription.changed").first()
    assert entry.details == {"before": "nickname none", "after": "nickname Sales team"}


@pytest.mark.parametrize("typed", ["\x00", "a\u202eb", "x" * 101])
def test_what_nobody_can_read_is_no_nickname(staff, subscription, typed):
    response = submit(staff, subscription, nickname=typed, quantity="12")

    assert response.status_code == 422
    assert "nickname" in response.context["form"].errors
    assert 'value="12"' in response.text


def test_the_licenses_say_how_far_they_go_and_until_when(staff, subscription):
    day = date_format(subscription.last_day_to_cancel, "DATE_FORMAT")
    words = f"More at any time, up to 300. Down to 1 until {day}."
    assert words in text_of(staff.open(DETAIL, subscription.pk))

    Subscription.objects.update(started_on=localdate() - settings.CANCELLATION_WINDOW)
    assert "Fewer only with a renewal." in staff.open(DETAIL, subscription.pk).text
