"""*Subscription details*: licenses, status, reseller of record and support contact."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils.timezone import localdate, now

from customers.models import DelegatedAdmin
from partners.models import PartnerProfile
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.references import encode
from subscriptions import services
from subscriptions.models import Subscription
from tests.conftest import Browser
from tests.factories import (
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
)

DETAIL = "subscriptions:subscription_detail"
TEXT = r'<input type="(?:text|hidden)" name="([^"]+)"[^>]*value="([^"]*)"'
RADIO = r'<input type="radio" name="([^"]+)" value="([^"]+)"[^>]*checked'
TICK = r'<input type="checkbox" name="([^"]+)"[^>]*checked'
SELECT = r'<select name="([^"]+)".*?>(.*?)</select>'
LONG_AGO = timedelta(days=200)


@pytest.fixture
def subscription(customer, offer, partnership):
    """Ten licenses, bought long ago, that name the customer's reseller."""
    return make_subscription(
        customer,
        offer,
        reseller_of_record=partnership.location,
        started_on=localdate() - LONG_AGO,
        created_at=now() - LONG_AGO,
    )


@pytest.fixture
def delegate(browser_of, reseller):
    """The browser of the reseller that looks after the customer."""
    return browser_of(reseller)


def fields(page):
    """What a browser would send back of the page, unchanged."""
    found = dict(re.findall(TEXT, page)) | dict(re.findall(RADIO, page))
    for name, options in re.findall(SELECT, page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found |= dict.fromkeys(re.findall(TICK, page), "on")
    found.pop("csrfmiddlewaretoken", None)
    return found


def form_of(browser, subscription):
    return fields(browser.open(DETAIL, subscription.pk).text)


def change(browser, subscription, **changes):
    """Submit the form with ``changes``, and confirm them."""
    data = form_of(browser, subscription) | {"action": "confirm"} | changes
    return browser.send(DETAIL, subscription.pk, data=data)


def test_the_page_shows_what_there_is(staff, subscription, partnership):
    page = staff.open(DETAIL, subscription.pk).text

    for text in (
        "Business Premium",
        "Reseller (MPN ID)",
        partnership.location.mpn_id,
        "Designated support contact",
        "Submit",
        "Cancel",
        "€206.00 per month",
        "Indirect reseller not in the list? Enter MPN ID",
        "No indirect reseller",
    ):
        assert text in page


def test_licenses_can_be_increased_at_any_time(staff, subscription):
    response = change(staff, subscription, quantity="25")

    assert response["Location"] == staff.url(DETAIL, subscription.pk)
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.version) == (25, 2)


def test_the_change_is_recorded_with_before_and_after(staff, provider, reseller, subscription):
    change(staff, subscription, quantity="25", reseller_of_record="none")

    for organization in (provider.organization, reseller.organization):
        entry = AuditEntry.objects.get(organization=organization, action="subscription.changed")
        mpn_id = reseller.organization.mpn_accounts.get().mpn_id
        assert entry.actor == provider.user
        assert entry.details == {
            "before": f"licenses 10, MPN ID {mpn_id}",
            "after": "licenses 25, MPN ID none",
        }
    assert "licenses 25" in staff.open(DETAIL, subscription.pk).text


def test_submitting_unchanged_changes_nothing(staff, subscription):
    page = staff.get(change(staff, subscription)["Location"])

    assert "Nothing was changed" in page.text
    subscription.refresh_from_db()
    assert subscription.version == 1
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("typed", ["-1", "1e9", "٣", "", "ten", "<b>", "1.5", "\x00", "9" * 50])
def test_hostile_numbers_are_refused(staff, subscription, typed):
    response = change(staff, subscription, quantity=typed)

    assert response.status_code == 422
    assert "quantity" in response.context["form"].errors
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.version) == (10, 1)


@pytest.mark.parametrize(
    "typed,words",
    [
        ("301", "Business Premium allows at most 300 licenses"),
        ("0", "Business Premium needs at least 1 license"),
        ("9", "Licenses can't be reduced below 10"),
    ],
)
def test_numbers_outside_the_limits_are_refused(staff, subscription, typed, words):
    response = change(staff, subscription, quantity=typed)

    assert response.status_code == 422
    assert words in response.text.replace("&#x27;", "'")
    assert f'value="{typed}"' in response.text


def test_a_fresh_purchase_can_be_reduced(staff, customer, offer):
    fresh = make_subscription(customer, offer)

    change(staff, fresh, quantity="3")

    fresh.refresh_from_db()
    assert fresh.quantity == 3


def test_only_what_was_added_within_the_window_can_be_taken_back(staff, subscription):
    change(staff, subscription, quantity="25")
    assert "Down to 10 until" in staff.open(DETAIL, subscription.pk).text

    assert change(staff, subscription, quantity="9").status_code == 422
    assert change(staff, subscription, quantity="10").status_code == 302


def test_every_increase_has_a_window_of_its_own(provider, subscription):
    def submit_after(time, quantity):
        with time_machine.travel(start + time, tick=False):
            return change(Browser(provider), subscription, quantity=quantity).status_code

    start, window, day = now(), settings.CANCELLATION_WINDOW, timedelta(days=1)
    assert submit_after(0 * day, "20") == 302
    assert submit_after(4 * day, "30") == 302
    assert submit_after(window + day, "19") == 422  # bought with the first increase
    assert submit_after(window + day, "20") == 302
    assert submit_after(3 * window, "19") == 422


def test_what_was_taken_back_is_not_added_again_by_the_old_window(staff, subscription):
    change(staff, subscription, quantity="20")
    change(staff, subscription, quantity="15")

    subscription.refresh_from_db()
    assert subscription.floor == 10


def test_suspending_and_resuming(staff, subscription):
    change(staff, subscription, status="suspended")
    subscription.refresh_from_db()
    assert subscription.status == Subscription.Status.SUSPENDED
    assert subscription.suspended_at
    page = staff.open(DETAIL, subscription.pk).text
    assert "Data is deleted on" in page

    change(staff, subscription, status="active")

    subscription.refresh_from_db()
    assert (subscription.status, subscription.suspended_at) == ("active", None)
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"subscription.suspended", "subscription.active"} <= set(actions)


def test_licenses_stay_as_they_are_while_suspended(staff, subscription):
    Subscription.objects.update(status="suspended", suspended_at=now())

    refused = change(staff, subscription, quantity="12")
    assert refused.status_code == 422
    assert "while the subscription is suspended" in refused.text

    assert change(staff, subscription, quantity="12", status="active").status_code == 302
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.status) == (12, "active")


@pytest.mark.parametrize("status", ["deleted", "cancelled", "pending", "x", "", "\x00"])
def test_other_statuses_cannot_be_chosen(staff, subscription, status):
    assert change(staff, subscription, status=status).status_code == 422
    subscription.refresh_from_db()
    assert subscription.status == "active"


@pytest.mark.parametrize("status", ["pending", "expired", "cancelled", "deleted"])
def test_what_does_not_run_cannot_be_changed(staff, subscription, status):
    data = form_of(staff, subscription) | {"quantity": "25"}
    Subscription.objects.update(status=status)

    page = staff.open(DETAIL, subscription.pk)
    assert page.status_code == 200 and 'name="quantity"' not in page.text
    assert staff.send(DETAIL, subscription.pk, data=data).status_code == 409
    subscription.refresh_from_db()
    assert subscription.quantity == 10


def test_a_support_contact_is_named_and_taken_back(staff, reseller, subscription):
    reference = encode("R", reseller.organization.pk)
    change(staff, subscription, support_contact=reference)
    subscription.refresh_from_db()
    assert subscription.support_contact == reseller.organization

    change(staff, subscription, support_contact="")

    subscription.refresh_from_db()
    assert subscription.support_contact is None


@pytest.mark.parametrize("contact", ["R-000000", "1", "none", "' or 1=1", "\x00"])
def test_only_partners_can_be_support_contacts(staff, subscription, contact):
    assert change(staff, subscription, support_contact=contact).status_code == 422


def test_a_stranger_cannot_be_support_contact(staff, stranger, subscription):
    contact = encode("R", stranger.organization.pk)

    assert change(staff, subscription, support_contact=contact).status_code == 422


def test_partners_that_left_stay_until_they_are_changed(staff, partnership, subscription):
    Subscription.objects.update(support_contact=partnership.reseller)
    type(partnership).objects.update(
        status="removed", removed_at=now(), statement_version="2026-01"
    )

    assert "(partnership ended)" in staff.open(DETAIL, subscription.pk).text
    assert change(staff, subscription, quantity="11").status_code == 302

    subscription.refresh_from_db()
    assert subscription.reseller_of_record == partnership.location
    assert subscription.support_contact == partnership.reseller


# Somebody else was faster.


def test_a_stale_form_writes_nothing_and_keeps_what_was_typed(staff, provider, subscription):
    mine = form_of(staff, subscription) | {"quantity": "30"}
    services.change_subscription(subscription, actor=provider, version=1, quantity=20)

    response = staff.send(DETAIL, subscription.pk, data=mine)

    assert response.status_code == 422
    assert "Ada Wong changed this subscription" in response.text
    assert "Ada Wong changed this to “20”" in response.text
    assert 'value="30"' in response.text
    subscription.refresh_from_db()
    assert subscription.quantity == 20


def test_submitting_the_stale_form_again_uses_ones_own(staff, provider, subscription):
    mine = form_of(staff, subscription) | {"quantity": "30"}
    services.change_subscription(subscription, actor=provider, version=1, quantity=20)
    response = staff.send(DETAIL, subscription.pk, data=mine)

    again = staff.send(DETAIL, subscription.pk, data=fields(response.text))

    assert again.status_code == 302
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.version) == (30, 3)


def test_what_was_not_touched_is_brought_up_to_date(staff, provider, reseller, subscription):
    mine = form_of(staff, subscription) | {"quantity": "30"}
    services.change_subscription(
        subscription, actor=provider, version=1, support_contact=reseller.organization
    )

    response = staff.send(DETAIL, subscription.pk, data=mine)

    assert response.status_code == 422
    assert "support_contact" not in response.context["form"].errors
    sent = fields(response.text)
    assert sent["quantity"] == "30"
    assert sent["support_contact"] == encode("R", reseller.organization.pk)


def test_a_status_changed_meanwhile_is_a_conflict(staff, provider, subscription):
    mine = form_of(staff, subscription) | {"quantity": "30"}
    services.change_subscription(subscription, actor=provider, version=1, status="suspended")

    assert staff.send(DETAIL, subscription.pk, data=mine).status_code == 422
    subscription.refresh_from_db()
    assert subscription.quantity == 10


def test_the_service_refuses_an_old_version(provider, subscription):
    services.change_subscription(subscription, actor=provider, version=1, quantity=20)

    with pytest.raises(services.Stale) as stale:
        services.change_subscription(subscription, actor=provider, version=1, quantity=30)
    assert stale.value.subscription.quantity == 20


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 40, "\x00", "2"])
def test_a_broken_version_writes_nothing(staff, subscription, version):
    response = change(staff, subscription, version=version, quantity="25")

    assert response.status_code == 422
    subscription.refresh_from_db()
    assert subscription.quantity == 10


def test_a_form_with_nothing_in_it_writes_nothing(staff, subscription):
    assert staff.send(DETAIL, subscription.pk).status_code == 422


# Who may.


def test_the_reseller_changes_licenses_and_status_alone(delegate, subscription):
    assert "Everything else is decided by Nordwind" in delegate.open(DETAIL, subscription.pk).text
    form = form_of(delegate, subscription)
    assert {"quantity", "status"} <= set(form)
    assert not {"reseller_of_record", "mpn_id", "support_contact"} & set(form)

    change(delegate, subscription, quantity="25", reseller_of_record="none", mpn_id="12345")

    subscription.refresh_from_db()
    assert subscription.quantity == 25
    assert subscription.reseller_of_record is not None


def test_the_reseller_suspends_and_resumes(delegate, subscription):
    change(delegate, subscription, status="suspended")
    subscription.refresh_from_db()
    assert subscription.status == "suspended"

    change(delegate, subscription, status="active")

    subscription.refresh_from_db()
    assert subscription.status == "active"


def refused(browser, subscription, why):
    page = browser.open(DETAIL, subscription.pk)
    assert page.status_code == 200
    assert why in page.text and 'name="quantity"' not in page.text
    data = {"version": "1", "quantity": "25", "status": "active"}
    assert browser.send(DETAIL, subscription.pk, data=data).status_code == 409
    subscription.refresh_from_db()
    assert subscription.quantity == 10


def test_the_providers_switch_closes_it(delegate, provider, subscription):
    PartnerProfile.objects.filter(organization=provider.organization).update(
        resellers_manage_subscriptions=False
    )

    refused(delegate, subscription, "does not let resellers manage subscriptions")


def test_so_does_the_customer_who_takes_the_access_back(delegate, subscription):
    DelegatedAdmin.objects.update(status="revoked", revoked_at=now())

    refused(delegate, subscription, "does not give you administrator access, or has taken it back")


def test_a_reseller_without_the_role_looks_only(browser_of, reseller, subscription):
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=reseller.organization))

    assert 'name="quantity"' not in browser.open(DETAIL, subscription.pk).text
    assert browser.send(DETAIL, subscription.pk, data={"quantity": "25"}).status_code == 403


def test_user_admins_look_only(browser_of, provider, subscription):
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=provider.organization))

    assert 'name="quantity"' not in browser.open(DETAIL, subscription.pk).text
    assert browser.send(DETAIL, subscription.pk, data={"quantity": "25"}).status_code == 403


def test_customers_look_only(browser_of, customer, subscription):
    browser = browser_of(make_membership(organization=customer.organization))

    page = browser.open(DETAIL, subscription.pk)
    assert page.status_code == 200 and 'name="quantity"' not in page.text
    assert browser.send(DETAIL, subscription.pk, data={"quantity": "25"}).status_code == 404


@pytest.mark.parametrize("who", ["outsider", "stranger"])
def test_others_find_nothing(request, browser_of, subscription, who):
    browser = browser_of(request.getfixturevalue(who))

    assert browser.open(DETAIL, subscription.pk).status_code == 404
    assert browser.send(DETAIL, subscription.pk, data={"quantity": "1"}).status_code == 404


def test_a_reseller_of_record_alone_sees_nothing(browser_of, provider, customer, offer):
    other = make_partnership(provider.organization, make_partner(name="Alpina"))
    subscription = make_subscription(customer, offer, reseller_of_record=other.location)
    browser = browser_of(make_membership(organization=other.reseller))

    assert browser.open(DETAIL, subscription.pk).status_code == 404


def test_the_page_speaks_german(staff, subscription):
    page = staff.get(staff.url(DETAIL, subscription.pk), HTTP_ACCEPT_LANGUAGE="de")

    assert page.status_code == 200
    assert '<html lang="de"' in page.text
