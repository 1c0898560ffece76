"""*Remove reseller relationship*: what stands in the way, what it means, and the end, once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from customers import wording
from customers.models import Customer, DelegatedAdmin
from customers.services import remove_customer
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.models import Order, Subscription
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_membership,
    make_offer,
    make_order,
    make_relationship_request,
    make_subscription,
    make_user,
)
from tests.hostile.state import changed, everything

PAGE = "subscriptions:customer_remove"
SUBMISSION = "8a4e7a9e-6f1e-4a3b-9a55-8d2b6f6f2f11"
CONFIRMED = {"version": wording.REMOVAL_VERSION, "confirmed": "on"}


@pytest.fixture
def suspended(customer):
    """A subscription nobody uses any more: it does not stand in the way."""
    return make_subscription(customer, status=Subscription.Status.SUSPENDED, suspended_at=now())


@pytest.fixture
def vera(customer):
    user = make_user(first_name="Vera", last_name="Vogel")
    return make_membership(organization=customer.organization, user=user)


def remove(browser, customer, **changes):
    return browser.send(PAGE, customer.pk, data=CONFIRMED | changes)


def status_of(customer):
    return Customer.objects.get(pk=customer.pk).status


def test_the_account_always_leads_there(staff, customer):
    make_subscription(customer)

    text = staff.open("customers:customer_account", customer.pk).text

    assert f'href="{staff.url(PAGE, customer.pk)}"' in text


def test_the_consequences_come_first(staff, customer, suspended, vera):
    text = staff.open(PAGE, customer.pk).text

    for words in (
        "The customer leaves your customer list.",
        "It leaves that of Kessler IT-Systemhaus, too.",
        "1 suspended subscription can't be resumed.",
        "support contact any more: 1 subscription.",
        "Delegated admin privileges are removed: 1 grant.",
        "can't be reset",
        "users any more: 1 user",
        "What has happened stays",
        "The customer and Kessler IT-Systemhaus are notified.",
        "in good faith",
        "Yes, remove the relationship",
    ):
        assert words in text.replace("&#x27;", "'"), words
    assert status_of(customer) == "active"


def test_the_end(staff, customer, suspended, vera, provider, reseller, browser_of):
    response = remove(staff, customer)

    assert response["Location"] == staff.url("customers:customer_list")
    gone = Customer.objects.get(pk=customer.pk)
    assert gone.status == "removed" and gone.removed_at and gone.removed_by == provider.user
    assert gone.statement_version == wording.REMOVAL_VERSION
    assert not DelegatedAdmin.objects.granted().filter(customer=customer).exists()
    for person in (provider, reseller):
        text = browser_of(person).open("customers:customer_list").text
        assert customer.reference not in text
    # History stays, for both.
    for person in (provider, reseller):
        browser = browser_of(person)
        text = browser.open("customers:customer_account", customer.pk).text
        assert "The relationship with this customer has ended" in text
        assert browser.open("subscriptions:customer_activity", customer.pk).status_code == 200


def test_the_others_people_are_not_named(staff, customer, reseller, browser_of):
    remove(staff, customer)

    ours = staff.open("customers:customer_account", customer.pk).text
    theirs = browser_of(reseller).open("customers:customer_account", customer.pk).text

    assert "Ada Wong removed it on" in ours
    assert "Nordwind Distribution removed it on" in theirs
    assert "Request a reseller relationship" in ours and "Request a resel" not in theirs


def test_customer_and_reseller_are_told_once(staff, customer, vera, provider, reseller):
    colleague = make_membership(Role.ADMIN_AGENT, organization=provider.organization)
    remove(staff, customer)
    remove(staff, customer)

    told = {notice.organization_id: notice.kind for notice in Notice.objects.all()}
    assert told == {
        provider.organization.pk: "customer_removed",
        reseller.organization.pk: "customer_removed_by_provider",
        customer.organization_id: "provider_left",
    }
    mails = OutboxMessage.objects.filter(key__startswith="notice:")
    readers = {int(key.rpartition(":")[2]) for key in mails.values_list("key", flat=True)}
    # Whoever did it knows.
    assert readers == {colleague.user_id, reseller.user_id, vera.user_id}
    assert mails.count() == 3
    words = Notice.objects.get(kind="provider_left").words
    assert "Ada" not in words and "Nordwind Distribution" in words


def test_the_customer_reads_it_on_home_and_nobody_helps_it_any_more(
    staff, customer, suspended, vera, browser_of
):
    def helpers():
        text = browser_of(vera).open("subscriptions:home").text
        return text.partition("<h2>Who helps you")[2].partition("Who can administer")[0], text

    assert "Nordwind" in helpers()[0]
    remove(staff, customer)

    named, text = helpers()

    assert "Nordwind Distribution ended the relationship with your company" in text
    assert "Nordwind" not in named
    assert "No partner acts for you" in browser_of(vera).open("customers:partner_list").text


@pytest.mark.parametrize(
    "what,words",
    [
        ("subscription", "1 active subscription must be suspended or cancelled first"),
        ("pending", "1 active subscription must be suspended or cancelled first"),
        ("waiting", "1 order is still open"),
        ("placed", "1 order is still open"),
        ("failed", "1 order is still open"),
        ("request", "1 request to the customer is still open"),
        ("draft", "1 request to the customer is still open"),
    ],
)
def test_what_stands_in_the_way_is_listed_with_links(staff, customer, what, words):
    row, page = None, "subscriptions:order_detail"
    if what == "subscription":
        row, page = make_subscription(customer), "subscriptions:subscription_detail"
    elif what == "pending":
        row = make_subscription(customer, status="pending", started_on=None)
        page = "subscriptions:subscription_detail"
    elif what in {"request", "draft"}:
        sent = {"status": "draft", "sent_at": None} if what == "draft" else {}
        address = customer.email.upper()
        row = make_relationship_request(provider=customer.provider, recipient=address, **sent)
        page = "customers:relationship_detail"
    else:
        row = make_order(customer, status=what)

    for response in (staff.open(PAGE, customer.pk), remove(staff, customer)):
        assert words in response.text
        assert f'href="{staff.url(page, row.pk)}"' in response.text
        assert "Yes, remove" not in response.text
    assert response.status_code == 422
    assert status_of(customer) == "active"
    assert staff.get(staff.url(page, row.pk)).status_code in {200, 302}


def test_what_is_settled_does_not_stand_in_the_way(staff, customer, suspended, partnership):
    for status in ("cancelled", "expired", "deleted"):
        make_subscription(customer, status=status)
    for status in ("completed", "cancelled"):
        make_order(customer, status=status)
    email = customer.email
    old = {"expires_at": now() - timedelta(days=1)}
    make_relationship_request(provider=customer.provider, recipient=email, **old)
    make_relationship_request(provider=customer.provider, recipient=email, status="withdrawn")
    # What the reseller asks is not the provider's to withdraw.
    make_relationship_request(partnership, asked_by=partnership.reseller, recipient=email)
    other = make_customer(customer.provider)
    make_subscription(other)

    assert remove(staff, customer).status_code == 302
    assert status_of(customer) == "removed"
    assert status_of(other) == "active"


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"confirmed": ""}, "Confirm the statement to remove the relationship."),
        ({"version": "2020-01"}, "The text has changed in the meantime."),
    ],
)
def test_it_takes_the_statement(staff, customer, changes, words):
    before = everything()

    response = remove(staff, customer, **changes)

    assert response.status_code == 422 and words in response.text
    assert changed(before) == []


def test_looking_writes_nothing(staff, customer):
    before = everything()
    staff.open(PAGE, customer.pk)
    assert changed(before) == []


@pytest.mark.parametrize(
    "role,status",
    [("global_admin", 200), ("admin_agent", 200), ("user_admin", 403), ("sales_agent", 403)],
)
def test_not_every_role_may(customer, provider, browser_of, role, status):
    browser = browser_of(make_membership(role, organization=provider.organization))

    assert browser.open(PAGE, customer.pk).status_code == status


def test_the_reseller_and_the_customer_can_not(customer, reseller, vera, browser_of):
    for person in (reseller, vera):
        browser = browser_of(person)
        assert remove(browser, customer).status_code == 404
    text = browser_of(reseller).open("customers:customer_account", customer.pk).text
    assert "Remove reseller relationship" not in text
    assert status_of(customer) == "active"


def test_a_second_time_says_who_did_it(staff, customer, provider):
    remove(staff, customer)

    response = remove(staff, customer)

    assert response["Location"] == staff.url("customers:customer_account", customer.pk)
    text = staff.get(response["Location"]).text
    assert "Ada Wong removed the reseller relationship on" in text
    with pytest.raises(InvalidTransition):
        remove_customer(customer, actor=provider, statement_version="2026-01")
    ours = AuditEntry.objects.filter(action="customer.removed", organization=customer.provider)
    assert ours.count() == 1


def test_afterwards_nothing_can_be_done_for_the_customer(
    staff, customer, suspended, provider, offer
):
    remove(staff, customer)
    before = everything()
    suspended.refresh_from_db()

    page = staff.open("subscriptions:subscription_detail", suspended.pk)
    assert "The relationship with this customer has ended." in page.text
    with pytest.raises(InvalidTransition):
        services.change_subscription(
            suspended, actor=provider, version=suspended.version, status="active"
        )
    with pytest.raises(InvalidTransition):
        services.place_order(
            customer,
            actor=provider,
            quantities={offer.pk: 1},
            reseller_of_record=None,
            submission=SUBMISSION,
        )
    text = staff.open("customers:customer_account", customer.pk).text
    for words in ("Add subscription", "Move to another reseller", "Reset admin", "Confirm accept"):
        assert words not in text
    assert changed(before) == []


def test_it_begins_again_when_the_customer_accepts_a_request(
    staff, customer, vera, partnership, browser_of
):
    remove(staff, customer)
    request = make_relationship_request(partnership)
    url = reverse("relationship_request", args=[request.token])
    browser = browser_of(vera)
    page = browser.get(url)
    told = page.context["form"].standing.fingerprint
    data = {"company": vera.organization.slug, "told": told, "relationship": "on"}

    assert browser.post(url, data).status_code == 302

    again = Customer.objects.get(pk=customer.pk)
    assert again.status == "active" and again.removed_at is None and again.removed_by is None
    assert customer.reference in staff.open("customers:customer_list").text
    # And it can end again, with a notice of its own.
    assert remove(staff, customer).status_code == 302
    assert Notice.objects.filter(kind="provider_left").count() == 2


def race(*presses):
    """Each in a thread of its own; returns what they return, in the order of finishing."""
    ready, answers = Barrier(len(presses)), []

    def run(press):
        try:
            ready.wait(30)
            answers.append(press())
        finally:
            connection.close()

    threads = [Thread(target=run, args=[press]) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_pressed_by_six_at_once(transactional_db, provider):
    with acting(OPERATOR):
        customer = make_customer(provider.organization)
    browsers = [Browser(provider) for _ in range(6)]

    answers = race(*((lambda browser=browser: remove(browser, customer)) for browser in browsers))

    assert {answer.status_code for answer in answers} == {302}
    with acting(OPERATOR):
        assert Customer.objects.get(pk=customer.pk).status == "removed"
        ours = AuditEntry.objects.filter(action="customer.removed", organization=customer.provider)
        assert ours.count() == 1
        assert Notice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_resumed_while_it_is_removed(transactional_db, provider, turn):
    """Never a customer that is gone and has a running subscription."""
    with acting(OPERATOR):
        customer = make_customer(provider.organization)
        held = make_subscription(customer, status="suspended", suspended_at=now())

    def resume():
        with acting(provider.organization.actor):
            try:
                services.change_subscription(held, actor=provider, version=1, status="active")
            except InvalidTransition:
                return "late"
        return "resumed"

    browser = Browser(provider)
    race(lambda: remove(browser, customer), resume)

    with acting(OPERATOR):
        running = Subscription.objects.get(pk=held.pk).status == "active"
        assert (Customer.objects.get(pk=customer.pk).status == "active") == running


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_ordered_while_it_is_removed(transactional_db, provider, turn):
    with acting(OPERATOR):
        customer, offer = make_customer(provider.organization), make_offer()

    def order():
        with acting(provider.organization.actor):
            try:
                services.place_order(
                    customer,
                    actor=provider,
                    quantities={offer.pk: 1},
                    reseller_of_record=None,
                    submission=SUBMISSION,
                )
            except InvalidTransition:
                return

    browser = Browser(provider)
    race(lambda: remove(browser, customer), order)

    with acting(OPERATOR):
        is_active = Customer.objects.get(pk=customer.pk).status == "active"
        assert Order.objects.filter(customer=customer).exists() == is_active
