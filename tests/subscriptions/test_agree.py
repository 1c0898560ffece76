"""The customer agreement: attested or accepted, by whom, and what then goes on."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from customers import wording
from customers.models import Customer
from customers.services import SignedAlready, confirm_agreement, remove_customer
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions.models import Order
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_line,
    make_membership,
    make_offer,
    make_order,
    make_partner,
    make_relationship_request,
    make_subscription,
    make_user,
)

ASKED = {"agreement": Customer.Agreement.ASKED, "agreement_date": None}
PENDING = {"status": "pending", "started_on": None}


def make_asked(provider, reseller=None):
    """A customer whose two orders wait for the agreement."""
    customer = make_customer(provider, reseller, **ASKED)
    for _number in range(2):
        order = make_order(customer, status=Order.Status.WAITING)
        offer = make_offer()
        make_line(order, offer, subscription=make_subscription(customer, offer, **PENDING))
    return customer


@pytest.fixture
def asked(provider, reseller, partnership):
    return make_asked(provider.organization, reseller.organization)


@pytest.fixture
def vera(asked):
    """The customer's own global admin."""
    user = make_user(first_name="Vera", last_name="Vogel")
    return make_membership(organization=asked.organization, user=user)


def signed(**changes):
    return {
        "accepted_on": str(localdate()),
        "first_name": "Vera",
        "last_name": "Vogel",
        "email": "vera@vogel.example",
    } | changes


def confirm(browser, customer, **changes):
    return browser.send("customers:agreement_confirm", customer.pk, data=signed(**changes))


def accept(browser, **changes):
    data = {"version": wording.AGREEMENT_VERSION, "accepted": "on"} | changes
    return browser.send("customers:own_agreement", data=data)


def orders(customer):
    return [order.status for order in Order.objects.filter(customer=customer)]


def test_the_primary_contact_is_proposed_as_signer(staff, asked):
    page = staff.open("customers:agreement_confirm", asked.pk)

    form = page.context["form"]
    assert (form["first_name"].value(), form["email"].value()) == ("Vera", "vera@vogel.example")
    assert "Customer agreement of" in page.text
    assert orders(asked) == ["waiting", "waiting"]


def test_confirming_is_on_record_and_starts_every_waiting_order(staff, provider, asked):
    response = confirm(staff, asked, first_name="Uwe", last_name="Uhu", email="uwe@vogel.example")

    assert response["Location"] == staff.url("customers:customer_account", asked.pk)
    asked.refresh_from_db()
    assert asked.may_buy and asked.agreement_date == localdate()
    assert asked.agreement_first_name == "Uwe" and asked.agreement_by == provider.user
    assert asked.agreement_for == provider.organization and not asked.accepted_itself
    assert asked.agreement_version == wording.AGREEMENT_VERSION
    assert orders(asked) == ["placed", "placed"]
    assert OutboxMessage.objects.filter(key__startswith="orderline:").count() == 2
    entries = AuditEntry.objects.filter(action="customer.agreed")
    assert {entry.organization_id for entry in entries} == set(asked.tenants)
    text = staff.open("customers:customer_account", asked.pk).text
    for words in ("Uwe Uhu", "Ada Wong", "version 2026-01", "Somebody else accepted it"):
        assert words in text


def test_other_sides_read_the_company_not_its_people(staff, reseller, asked, browser_of):
    confirm(staff, asked)

    text = browser_of(reseller).open("customers:customer_account", asked.pk).text

    assert "Nordwind Distribution · " in text and "Ada Wong · " not in text
    assert "Somebody else accepted it" not in text


@pytest.mark.parametrize(
    "field,value,words",
    [
        ("accepted_on", str(localdate() + timedelta(days=2)), "can&#x27;t be in the future"),
        ("accepted_on", "", "Enter the date the customer accepted it."),
        ("accepted_on", "yesterday", "Enter a date like"),
        ("first_name", "", "Enter the first name."),
        ("last_name", "123", "A name needs letters."),
        ("email", "nobody", "Enter an email address"),
    ],
)
def test_what_can_not_be_confirmed(staff, asked, field, value, words):
    response = confirm(staff, asked, **{field: value})

    assert response.status_code == 422
    assert words in response.text
    assert orders(asked) == ["waiting", "waiting"]


def test_a_second_confirmation_is_only_for_another_signer(staff, provider, asked):
    confirm(staff, asked)

    again = confirm(staff, asked, first_name="VERA")
    assert again.status_code == 422 and "on record already" in again.text
    with pytest.raises(SignedAlready):
        signer = {"first_name": "Vera", "last_name": "Vogel", "email": "vera@vogel.example"}
        signer["phone"] = "+49 40 1234567"
        confirm_agreement(asked, actor=provider, accepted_on=localdate(), signer=signer)

    assert confirm(staff, asked, first_name="Uwe").status_code == 302
    asked.refresh_from_db()
    assert asked.agreement_first_name == "Uwe"
    provider_s = AuditEntry.objects.filter(organization=asked.provider, action="customer.agreed")
    assert provider_s.count() == 2


@pytest.mark.parametrize("role,status", [(Role.USER_ADMIN, 403), (Role.SALES_AGENT, 302)])
def test_only_who_may_attest(provider, asked, browser_of, role, status):
    browser = browser_of(make_membership(role, organization=provider.organization))

    assert confirm(browser, asked).status_code == status
    if status == 403:
        text = browser.open("customers:customer_account", asked.pk).text
        assert "Will be asked" in text and "Confirm acceptance" not in text


def test_nothing_is_confirmed_for_a_removed_customer(staff, provider, asked):
    remove_customer(asked, actor=provider, statement_version="2026-01")

    assert confirm(staff, asked).status_code == 302

    asked.refresh_from_db()
    assert not asked.may_buy


def test_confirming_on_an_order_starts_the_others_too(staff, asked):
    order = Order.objects.filter(customer=asked).first()

    data = {"accepted_on": str(localdate())}
    assert staff.send("subscriptions:order_start", order.pk, data=data).status_code == 302

    asked.refresh_from_db()
    assert asked.agreement_version == wording.AGREEMENT_VERSION
    assert orders(asked) == ["placed", "placed"]


def test_the_customer_accepts_it_itself(vera, asked, browser_of):
    browser = browser_of(vera)
    home = browser.open("subscriptions:home").text
    page = browser.open("customers:own_agreement").text
    assert "Accept the customer agreement: 2 orders wait for it" in home
    assert "Not accepted yet" in page and "Nordwind Distribution" in page
    assert "Customer agreement of" in page

    response = accept(browser)

    assert response["Location"] == browser.url("customers:own_agreement")
    asked.refresh_from_db()
    assert asked.may_buy and asked.accepted_itself and asked.agreement_by == vera.user
    assert asked.agreement_last_name == "Vogel" and asked.agreement_at
    assert asked.agreement_version == wording.AGREEMENT_VERSION
    assert orders(asked) == ["placed", "placed"]
    text = browser.open("customers:own_agreement").text
    assert "accepted here" in text and "I accept" not in text
    assert "not accepted" not in browser.open("subscriptions:home").text


def test_the_provider_sees_that_the_customer_did_it(vera, asked, staff, browser_of):
    accept(browser_of(vera))

    text = staff.open("customers:customer_account", asked.pk).text

    assert "The customer itself, in this portal" in text
    entry = AuditEntry.objects.get(action="customer.agreed", organization=asked.provider)
    assert entry.acting_for == asked.organization


def test_accepting_twice_is_one_acceptance(vera, asked, browser_of):
    browser = browser_of(vera)
    accept(browser)

    response = accept(browser)

    assert "has been accepted already" in browser.get(response["Location"]).text
    mine = AuditEntry.objects.filter(action="customer.agreed", organization=asked.organization)
    assert mine.count() == 1


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"accepted": ""}, "Tick the box to accept the customer agreement."),
        ({"version": "2020-01"}, "The text has changed in the meantime."),
    ],
)
def test_it_takes_a_tick_for_the_text_that_was_there(vera, asked, browser_of, changes, words):
    response = accept(browser_of(vera), **changes)

    assert response.status_code == 422 and words in response.text
    assert orders(asked) == ["waiting", "waiting"]


def test_colleagues_of_the_admin_only_look(asked, vera, browser_of):
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=asked.organization))

    page = browser.open("customers:own_agreement")

    assert page.status_code == 200
    assert "A global admin of your company accepts it here." in page.text
    assert accept(browser).status_code == 403
    assert orders(asked) == ["waiting", "waiting"]


def test_partners_do_not_accept_for_the_customer(staff, reseller, browser_of, asked):
    assert accept(staff).status_code == 404
    assert accept(browser_of(reseller)).status_code == 404


def test_each_provider_that_waits_is_served_and_nobody_elses_customer(vera, asked, browser_of):
    other = make_partner(Kind.PROVIDER, name="Südstern Cloud")
    also = make_customer(other, organization=asked.organization, **ASKED)
    make_order(also, status=Order.Status.WAITING)
    somebody = make_asked(other)

    browser = browser_of(vera)
    response = accept(browser)

    assert "2 providers can now set up" in browser.get(response["Location"]).text
    for customer in (asked, also):
        customer.refresh_from_db()
        assert customer.may_buy
    assert orders(also) == ["placed"]
    somebody.refresh_from_db()
    assert not somebody.may_buy and orders(somebody) == ["waiting", "waiting"]


def test_accepting_a_request_with_the_agreement_starts_what_waited(
    vera, asked, partnership, browser_of
):
    request = make_relationship_request(partnership)
    url = reverse("relationship_request", args=[request.token])
    browser = browser_of(vera)
    told = browser.get(url).context["form"].standing.fingerprint
    data = {"company": vera.organization.slug, "told": told, "relationship": "on"}
    data |= {"agreement": "on", "agreement_version": wording.AGREEMENT_VERSION}

    assert browser.post(url, data).status_code == 302

    asked.refresh_from_db()
    assert asked.accepted_itself and orders(asked) == ["placed", "placed"]


@pytest.mark.django_db(transaction=True)
def test_accepted_and_attested_at_the_same_moment(transactional_db, provider):
    """Whoever comes first is on record; each order starts once."""
    with acting(OPERATOR):
        customer = make_asked(provider.organization)
        person = make_membership(organization=customer.organization)
    browsers = [Browser(person), Browser(provider), Browser(person), Browser(provider)]
    ready = Barrier(len(browsers))

    def press(browser, number):
        try:
            ready.wait(30)
            if number % 2:
                confirm(browser, customer, first_name="Uwe")
            else:
                accept(browser)
        finally:
            connection.close()

    threads = [Thread(target=press, args=pair[::-1]) for pair in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        customer.refresh_from_db()
        assert customer.may_buy
        assert orders(customer) == ["placed", "placed"]
        lines = OutboxMessage.objects.filter(key__startswith="orderline:")
        assert lines.count() == 2
