"""A customer asks for another number of licenses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import localdate, now

from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from subscriptions.models import LicenseRequest
from tests.factories import (
    make_customer,
    make_license_request,
    make_membership,
    make_partner,
    make_subscription,
)
from tests.subscriptions.asking import CREATE, DETAIL, LIST, WITHDRAW, ask, latest

LONG_AGO = {"started_on": localdate() - timedelta(days=100)}


@pytest.fixture
def subscription(customer, offer):
    """10 licenses, bought today: any of them can be given back."""
    return make_subscription(customer, offer)


@pytest.fixture
def settled(customer, offer):
    """10 licenses that can't be given back before the renewal."""
    renewal = localdate() + timedelta(days=60)
    return make_subscription(customer, offer, ends_on=renewal, **LONG_AGO)


@pytest.mark.parametrize("role", [Role.GLOBAL_ADMIN, Role.USER_ADMIN])
def test_an_admin_asks_and_sees_that_it_waits(browser_of, customer, subscription, role):
    admin = make_membership(role, organization=customer.organization)
    browser = browser_of(admin)

    response = ask(browser, subscription, 25, note="Two new colleagues\r\nfrom May")

    asked = latest()
    assert response["Location"] == browser.url(DETAIL, asked.pk)
    assert (asked.before, asked.quantity, asked.due_on) == (10, 25, None)
    assert asked.note == "Two new colleagues\nfrom May" and asked.asked_by == admin.user
    page = browser.open(DETAIL, asked.pk)
    assert "Withdraw the request" in page.text and "Approve" not in page.text
    subscription.refresh_from_db()
    assert subscription.quantity == 10
    assert AuditEntry.objects.about(asked).values_list("action").distinct().count() == 1


def test_it_is_offered_where_it_can_be_asked_and_only_there(vera, subscription, customer):
    suspended = make_subscription(customer, status="suspended", suspended_at=now())

    assert vera.url(CREATE, subscription.pk) in _page(vera, subscription)
    assert vera.url(CREATE, suspended.pk) not in _page(vera, suspended)
    ask(vera, subscription, 25)
    assert vera.url(CREATE, subscription.pk) not in _page(vera, subscription)
    assert vera.url(DETAIL, latest().pk) in _page(vera, subscription)


def _page(browser, subscription):
    return browser.open("subscriptions:subscription_detail", subscription.pk).text


@pytest.mark.parametrize("typed", ["", "0", "-3", "ten", "2.5", "10", "301", "9" * 30])
def test_an_impossible_number_is_refused_at_the_field(vera, subscription, typed):
    response = ask(vera, subscription, typed)

    assert response.status_code == 422
    assert response.context["form"].errors["quantity"]
    assert not LicenseRequest.objects.exists()


def test_a_form_that_was_meddled_with_is_refused(vera, subscription):
    for submission in ("", "x", "' or 1=1"):
        assert ask(vera, subscription, 25, submission=submission).status_code == 422
    assert not LicenseRequest.objects.exists()


def test_pressing_twice_asks_once(vera, subscription):
    form = {"submission": str(uuid4())}
    first, second = (ask(vera, subscription, 25, **form) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert LicenseRequest.objects.count() == 1
    assert Notice.objects.filter(kind="licenses_asked").count() == 2  # provider and reseller


def test_pressing_twice_arrives_even_after_a_quick_answer(vera, staff, subscription):
    form = {"submission": str(uuid4())}
    ask(vera, subscription, 25, **form)
    staff.send("subscriptions:license_request_approve", latest().pk, data={"version": 1})

    response = ask(vera, subscription, 25, **form)  # 25 is what it has by now

    assert response["Location"] == vera.url(DETAIL, latest().pk)
    assert LicenseRequest.objects.count() == 1


def test_a_second_request_waits_for_the_first(vera, subscription):
    ask(vera, subscription, 25)

    response = ask(vera, subscription, 30)
    opened = vera.open(CREATE, subscription.pk)

    assert response.status_code == 422 and "waits for its answer already" in response.text
    assert opened["Location"] == vera.url(DETAIL, latest().pk)
    assert LicenseRequest.objects.get().quantity == 25


def test_one_that_ran_out_is_in_nobodys_way(vera, subscription):
    late = make_license_request(subscription, expires_at=now())

    assert ask(vera, subscription, 30).status_code == 302

    late.refresh_from_db()
    assert late.status == "expired" and latest().quantity == 30


def test_fewer_are_given_back_at_once_while_that_is_possible(vera, subscription):
    ask(vera, subscription, 4)
    assert latest().due_on is None


def test_fewer_come_with_the_renewal_when_it_is_too_late(vera, settled):
    page = vera.open(CREATE, settled.pk)
    assert "renewal on" in page.text

    ask(vera, settled, 4)

    assert latest().due_on == settled.ends_on
    assert latest().expires_at <= now() + timedelta(days=30)


def test_an_answer_must_come_before_the_renewal(vera, customer, offer):
    soon = localdate() + timedelta(days=5)
    ask(vera, make_subscription(customer, offer, ends_on=soon, **LONG_AGO), 4)

    assert latest().expires_at.astimezone().date() <= soon


def test_without_a_renewal_there_are_no_fewer(vera, customer, offer):
    ending = {"ends_on": localdate() + timedelta(days=60), "auto_renew": False}
    subscription = make_subscription(customer, offer, **ending, **LONG_AGO)

    assert "does not renew" in vera.open(CREATE, subscription.pk).text
    assert ask(vera, subscription, 4).status_code == 422
    assert ask(vera, subscription, 12).status_code == 302


@pytest.mark.parametrize("status", ["pending", "suspended", "expired", "cancelled", "deleted"])
def test_only_an_active_subscription_can_change(vera, customer, offer, status):
    subscription = make_subscription(customer, offer, status=status, suspended_at=now())

    page = vera.open(CREATE, subscription.pk)

    assert page.status_code == 200 and 'name="quantity"' not in page.text
    assert ask(vera, subscription, 25).status_code == 422


def test_nobody_asks_for_what_belongs_to_others(vera, outsider):
    theirs = make_subscription(make_customer(outsider.organization))

    assert vera.open(CREATE, theirs.pk).status_code == 404
    assert ask(vera, theirs, 25).status_code == 404
    assert not LicenseRequest.objects.exists()


def test_partners_can_not_ask_in_the_customers_name(staff, subscription):
    assert ask(staff, subscription, 25).status_code == 404


def test_those_who_can_decide_are_told(vera, subscription, provider, reseller):
    ask(vera, subscription, 25)

    told = Notice.objects.filter(kind="licenses_asked").values_list("organization", flat=True)
    assert set(told) == {provider.organization_id, reseller.organization_id}
    mails = OutboxMessage.objects.filter(task="portal.notices.tasks.send_notice")
    assert mails.count() == 2


def test_a_reseller_that_may_not_change_licenses_is_not_asked(vera, subscription, provider):
    provider.organization.partner.resellers_manage_subscriptions = False
    provider.organization.partner.save()

    ask(vera, subscription, 25)

    told = Notice.objects.get(kind="licenses_asked")
    assert told.organization == provider.organization


def test_withdrawing_leaves_everything_as_it_was(vera, subscription):
    ask(vera, subscription, 25)

    vera.send(WITHDRAW, latest().pk)

    assert latest().status == "withdrawn"
    again = vera.send(WITHDRAW, latest().pk)
    assert again.status_code == 302
    assert ask(vera, subscription, 30).status_code == 302


def test_the_list_shows_what_was_asked_of_every_provider(vera, buyer, subscription, outsider):
    other = make_customer(outsider.organization, organization=buyer.organization)
    make_license_request(make_subscription(other, name="Second thing"))
    make_license_request(subscription, status="withdrawn")

    page = vera.open(LIST)
    waiting = vera.open(LIST, status="open")

    assert "Nordwind" in page.text and "Südstern" in page.text
    assert [asked.subscription.name for asked in waiting.context["page"].rows] == ["Second thing"]


def test_others_see_nothing_of_it(subscription, browser_of, outsider, stranger):
    asked = make_license_request(subscription)
    elsewhere = make_membership(organization=make_partner(Kind.CUSTOMER))

    for person in (outsider, stranger, elsewhere):
        browser = browser_of(person)
        assert browser.open(DETAIL, asked.pk).status_code == 404
        assert not browser.open(LIST).context["page"].rows
