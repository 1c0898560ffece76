"""*Submit*: customer, order and the promises to set them up, together and once."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from customers.models import AdminAccount, Customer, DelegatedAdmin
from portal.accounts.models import Organization
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.models import Order, OrderDraft, OrderLine, Subscription
from tests.conftest import Browser
from tests.factories import make_membership, make_offer, make_partner, make_partnership
from tests.subscriptions.conftest import REVIEW, begin, choose, seen, submit

PRESSES = 5
CONFIRMATION = "subscriptions:order_confirmation"


def test_everything_is_written_at_once(staff, provider, reseller, partnership, reviewed, offer):
    response = submit(staff, reviewed)

    order = Order.objects.get()
    assert response["Location"] == staff.url(CONFIRMATION, order.pk)
    customer = Customer.objects.get()
    assert customer.company_name == "Vogel Optik GmbH"
    assert customer.reseller == reseller.organization
    assert (order.customer, order.status, order.currency) == (customer, "placed", "EUR")
    assert order.placed_by == provider.user
    line = order.lines.get()
    assert (line.offer, line.quantity, line.status) == (offer, 25, OrderLine.Status.PENDING)
    subscription = line.subscription
    assert (subscription.status, subscription.quantity) == (Subscription.Status.PENDING, 25)
    assert subscription.reseller_of_record == partnership.location
    assert subscription.support_contact is None
    reviewed.refresh_from_db()
    assert reviewed.order == order


def test_the_work_is_promised_and_nothing_is_done_yet(staff, reviewed):
    submit(staff, reviewed)

    promised = set(OutboxMessage.objects.values_list("task", flat=True))
    assert promised == {
        "customers.tasks.provision_admin_account",
        "subscriptions.tasks.provision_line",
    }
    assert AdminAccount.objects.get().status == AdminAccount.Status.PENDING


def test_it_is_recorded_for_all_three(staff, reviewed, provider, reseller):
    submit(staff, reviewed)

    customer = Customer.objects.get()
    for organization in (provider.organization, reseller.organization, customer.organization):
        entries = AuditEntry.objects.filter(organization=organization)
        assert {"customer.added", "order.placed"} <= {entry.action for entry in entries}


def test_pressing_twice_gives_one_order(staff, reviewed):
    page = staff.open(REVIEW, reviewed.pk)
    data = {"seen": seen(page)}

    first = staff.send(REVIEW, reviewed.pk, data=data)
    second = staff.send(REVIEW, reviewed.pk, data=data)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == Customer.objects.count() == 1


def test_the_setup_info_belongs_to_this_session(staff, reviewed):
    submit(staff, reviewed)

    assert staff.session["setup_info"] == [Customer.objects.get().pk]


def test_submitting_again_elsewhere_does_not_open_the_setup_info(staff, provider, reviewed):
    submit(staff, reviewed)
    elsewhere = Browser(provider)

    elsewhere.send(REVIEW, reviewed.pk, data={"seen": "x"})

    assert "setup_info" not in elsewhere.session


def test_without_reseller_there_is_none_of_record(staff, offer):
    draft = begin(staff)
    choose(staff, draft, offer, 1)
    submit(staff, draft)

    assert Subscription.objects.get().reseller_of_record is None
    assert DelegatedAdmin.objects.get().partner == staff.membership.organization


def test_without_agreement_the_order_waits(staff, offer):
    draft = begin(staff, agreement="asked", agreement_date="")
    choose(staff, draft, offer, 1)
    page = staff.get(submit(staff, draft)["Location"])

    assert Order.objects.get().status == Order.Status.WAITING
    assert not OutboxMessage.objects.filter(task__contains="line").exists()
    assert "Waiting for agreement" in page.text


def test_several_offers_become_several_lines(staff, draft, offer):
    other = make_offer("Visio", billing="annual")
    staff.send(
        "subscriptions:draft_subscriptions",
        draft.pk,
        data={f"licenses-{offer.pk}": "25", f"licenses-{other.pk}": "2", "next": "review"},
    )
    submit(staff, draft)

    lines = Order.objects.get().lines.values_list("name", "quantity")
    assert set(lines) == {("Business Premium", 25), ("Visio", 2)}


def test_the_price_is_fixed_on_the_line(staff, reviewed, offer):
    submit(staff, reviewed)
    offer.prices.update(unit_price="99.00")

    line = OrderLine.objects.get()
    assert str(line.unit_price) == "20.60"
    assert str(line.total) == "515.00"


def test_confirmation_says_what_was_done(staff, provider, reseller, reviewed):
    page = staff.get(submit(staff, reviewed)["Location"])

    order = Order.objects.get()
    assert f"Order {order.reference} is submitted." in page.text
    assert "Vogel Optik GmbH is in your customer list" in page.text
    assert reseller.organization.name in page.text
    assert "Setup info" in page.text
    assert "Business Premium" in page.text
    assert page["Cache-Control"] == "no-store"
    done = staff.url("customers:customer_list", new=order.customer.reference)
    assert f'href="{done}">Done</a>' in page.text


def test_confirmation_of_an_order_for_an_existing_customer_has_no_setup_info(
    staff, provider, customer, offer
):
    order = services.place_order(
        customer,
        actor=provider,
        quantities={offer.pk: 1},
        reseller_of_record=None,
        submission=uuid4(),
    )

    page = staff.open(CONFIRMATION, order.pk)

    assert page.status_code == 200
    assert "Setup info" not in page.text


def test_progress_is_a_region_for_htmx_and_a_page_for_the_rest(staff, reviewed):
    submit(staff, reviewed)
    order = Order.objects.get()
    url = staff.url("subscriptions:order_progress", order.pk)

    assert staff.get(url)["Location"] == staff.url("subscriptions:order_detail", order.pk)
    region = staff.get(url, headers={"HX-Request": "true"})
    assert region.text.count("<section") == 1 and "every 2s" in region.text
    assert "http-equiv" not in region.text


def test_the_page_loads_itself_again_without_script(staff, reviewed):
    page = staff.get(submit(staff, reviewed)["Location"])

    assert '<noscript><meta http-equiv="refresh"' in page.text


@pytest.mark.parametrize("who", ["outsider", "reseller"])
def test_orders_of_others_are_not_there(request, staff, browser_of, reviewed, who):
    submit(staff, reviewed)
    browser = browser_of(request.getfixturevalue(who))

    for name in (CONFIRMATION, "subscriptions:order_detail", "subscriptions:order_progress"):
        assert browser.open(name, Order.objects.get().pk).status_code == 404


# Committed for real: what several presses do at the same moment.


def race(browsers, url, data):
    barrier, answers = Barrier(len(browsers)), []

    def press(browser):
        try:
            barrier.wait()
            response = browser.post(url, data)
            answers.append((response.status_code, response.headers.get("Location")))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def copies_of(browser):
    copies = [Client() for _ in range(PRESSES)]
    for copy in copies:
        copy.cookies = browser.cookies
    return copies


@pytest.fixture
def ready(transactional_db):
    """A provider's browser with a draft at Review, committed."""
    with acting(OPERATOR):
        provider, reseller = make_partner(Kind.PROVIDER), make_partner()
        partnership = make_partnership(provider, reseller)
        browser = Browser(make_membership(Role.SALES_AGENT, organization=provider))
        offer = make_offer()
    with acting(OPERATOR):
        draft = begin(browser, reseller=partnership.reference)
    choose(browser, draft, offer, 25)
    return browser, draft


def test_many_presses_at_once_give_one_order(ready):
    browser, draft = ready
    data = {"seen": seen(browser.open(REVIEW, draft.pk))}

    answers = race(copies_of(browser), browser.url(REVIEW, draft.pk), data)

    with acting(OPERATOR):
        order = Order.objects.get()
        assert set(answers) == {(302, browser.url(CONFIRMATION, order.pk))}
        assert Customer.objects.count() == 1
        assert Organization.objects.filter(kind=Kind.CUSTOMER).count() == 1
        assert OrderLine.objects.count() == Subscription.objects.count() == 1
        assert OutboxMessage.objects.count() == 2


def test_submit_and_cancel_at_once_leave_an_order_or_nothing(ready):
    browser, draft = ready
    seen_now = seen(browser.open(REVIEW, draft.pk))
    submitting, cancelling = copies_of(browser)[:2]
    barrier, answers = Barrier(2), {}

    def press(name, copy, page, data):
        try:
            barrier.wait()
            answers[name] = copy.post(browser.url(page, draft.pk), data).status_code
        finally:
            connection.close()

    presses = [
        ("submit", submitting, REVIEW, {"seen": seen_now}),
        ("cancel", cancelling, "subscriptions:draft_cancel", {}),
    ]
    threads = [Thread(target=press, args=each) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        drafts, orders = OrderDraft.objects.count(), Order.objects.count()
        assert (drafts, orders, answers["submit"]) in {(1, 1, 302), (0, 0, 404)}
        assert Customer.objects.count() == orders
        assert answers["cancel"] == 302
