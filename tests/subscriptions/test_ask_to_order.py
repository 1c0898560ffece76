"""A reseller asks its provider to order; the provider orders on *New subscription*, or declines."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.timezone import now

from customers.models import Customer
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.notices.models import Notice
from portal.scope import acting
from subscriptions import services
from subscriptions.models import Offer, Order, OrderRequest, Subscription
from subscriptions.rounds import look_after_orders
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_membership,
    make_offer,
    make_order_request,
    make_subscription,
)
from tests.subscriptions.conftest import do_background_work, licenses

CREATE, DETAIL = "subscriptions:order_request_create", "subscriptions:order_request"
LIST, DECLINE = "subscriptions:order_request_list", "subscriptions:order_request_decline"
WITHDRAW, ADD = "subscriptions:order_request_withdraw", "subscriptions:subscription_add"
MAKE = make_order_request


@pytest.fixture
def rita(reseller, browser_of, partnership):
    """The browser of the reseller's global admin."""
    return browser_of(reseller)


@pytest.fixture
def asked(customer, offer, reseller):
    return make_order_request(customer, offer, asked_by=reseller.user, note="Before Monday")


def ask(browser, customer, offer, number=5, **more):
    form = {"submission": str(uuid4()), "note": "Before Monday", "next": "ask"}
    return browser.send(CREATE, customer.pk, data=licenses(offer, number) | form | more)


def order(browser, request, offer, number=5, **more):
    form = {"submission": str(uuid4()), "reseller": "none", "next": "submit"}
    form |= {"asked": request.reference} | licenses(offer, number) | more
    return browser.send(ADD, request.customer_id, data=form)


def test_a_reseller_asks_and_the_provider_is_told(rita, customer, offer, provider):
    assert (
        "Ask the provider to order"
        in rita.open("subscriptions:customer_subscriptions", customer.pk).text
    )

    response = ask(rita, customer, offer)

    asked = OrderRequest.objects.get()
    assert response["Location"] == rita.url(DETAIL, asked.pk)
    assert asked.lines == {str(offer.pk): {"quantity": 5, "base": ""}}
    assert (asked.note, asked.asked_for) == ("Before Monday", rita.membership.organization)
    assert AuditEntry.objects.filter(action="orderrequest.asked").count() == 2
    do_background_work()
    letter = next(one for one in mail.outbox if provider.user.email in one.to)
    assert "5 × Business Premium" in letter.body and "Before Monday" in letter.body


def test_a_reseller_never_sees_a_price(rita, customer, offer, asked):
    offer.prices.update(unit_price="987.65")
    other = make_customer(customer.provider, customer.reseller)

    pages = [
        rita.open(CREATE, other.pk),
        rita.open(CREATE, other.pk, order=f"{offer.pk}x5"),
        rita.send(CREATE, other.pk, data=licenses(offer, 9999) | {"next": "ask"}),
        rita.open(DETAIL, asked.pk),
        rita.open(LIST),
    ]

    assert offer.name in pages[0].text
    for page in pages:
        assert "987" not in page.text and "€" not in page.text and "rice" not in page.text


def test_filters_keep_what_was_typed(rita, customer, offer):
    data = licenses(offer, 5) | {"note": "Before Monday"}

    page = rita.get(rita.send(CREATE, customer.pk, data=data)["Location"]).text

    assert 'value="5"' in page and "Before Monday" in page


@pytest.mark.parametrize("number", ["", "0", "x", "9999", "-1", "٣", "\x00"])
def test_numbers_that_cannot_be_are_refused_and_kept(rita, customer, offer, number):
    response = ask(rita, customer, offer, number)

    assert response.status_code == 422
    assert "Before Monday" in response.text
    assert not OrderRequest.objects.exists()


def test_the_same_form_twice_asks_once(rita, customer, offer):
    one = str(uuid4())

    first, second = (ask(rita, customer, offer, submission=one) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert OrderRequest.objects.count() == 1


def test_one_request_at_a_time_for_a_customer(rita, customer, offer, asked):
    assert rita.open(CREATE, customer.pk)["Location"] == rita.url(DETAIL, asked.pk)

    response = ask(rita, customer, offer)

    assert response.status_code == 422
    assert "Your company has asked for this customer already" in response.text


def test_what_has_run_out_is_not_in_the_way(rita, customer, offer, asked):
    OrderRequest.objects.update(expires_at=now() - timedelta(days=1))

    assert ask(rita, customer, offer).status_code == 302

    assert sorted(OrderRequest.objects.values_list("status", flat=True)) == ["expired", "open"]


@pytest.mark.parametrize("role,answer", [(Role.ADMIN_AGENT, 302), (Role.USER_ADMIN, 403)])
def test_who_may_ask(browser_of, reseller, partnership, customer, offer, role, answer):
    colleague = make_membership(role, organization=reseller.organization)

    assert ask(browser_of(colleague), customer, offer).status_code == answer


@pytest.mark.parametrize("who,answer", [("provider", 404), ("stranger", 404), ("outsider", 404)])
def test_others_do_not_ask(request, browser_of, customer, offer, who, answer):
    person = request.getfixturevalue(who)

    assert ask(browser_of(person), customer, offer).status_code == answer


# The provider's answer.


def test_it_waits_on_home_in_the_list_and_with_the_customer(staff, asked, customer):
    assert "1 reseller&#x27;s request to order waits" in staff.open("subscriptions:home").text
    assert asked.reference in staff.open(LIST, status="open").text
    page = staff.open("subscriptions:customer_subscriptions", customer.pk).text
    assert "asks the provider to order for this customer" in page


def test_ordering_begins_with_a_page_that_is_filled_in(staff, asked, offer, reseller):
    page = staff.get(staff.open(DETAIL, asked.pk).context["order_url"])

    assert 'value="5"' in page.text and "Before Monday" in page.text
    assert f'name="asked" value="{asked.reference}"' in page.text
    assert "20.60" in page.text
    location = reseller.organization.mpn_accounts.get()
    assert page.context["form"]["reseller"].value() == location.mpn_id


def test_ordering_answers_the_request(staff, rita, asked, offer, reseller):
    assert order(staff, asked, offer, 7).status_code == 302  # more than was asked for

    asked.refresh_from_db()
    placed = Order.objects.get()
    assert (asked.status, asked.order) == ("approved", placed)
    assert Subscription.objects.get().quantity == 7
    assert Notice.objects.filter(organization=reseller.organization, kind="order_approved").exists()
    page = rita.open(DETAIL, asked.pk).text
    assert placed.reference in page and "20.60" not in page


def test_pressing_twice_orders_once(staff, asked, offer):
    one = str(uuid4())

    first, second = (order(staff, asked, offer, submission=one) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_a_colleague_who_is_late_orders_nothing(staff, browser_of, provider, asked, offer):
    order(staff, asked, offer)
    colleague = browser_of(make_membership(organization=provider.organization))

    assert order(colleague, asked, offer).status_code == 409
    assert Order.objects.count() == 1


def test_everything_is_checked_again(staff, asked, offer, customer):
    Offer.objects.filter(pk=offer.pk).update(limit_per_customer=1)
    make_subscription(customer, offer)

    response = order(staff, asked, offer)

    assert response.status_code == 422
    asked.refresh_from_db()
    assert (asked.status, Order.objects.count()) == ("open", 0)


def test_what_has_run_out_orders_nothing(staff, asked, offer):
    OrderRequest.objects.update(expires_at=now())

    assert order(staff, asked, offer).status_code == 409
    assert not Order.objects.exists()


def test_a_customer_that_has_gone_to_another_reseller_gets_nothing_of_it(
    staff, rita, asked, offer, stranger, browser_of
):
    Customer.objects.filter(pk=asked.customer_id).update(reseller=stranger.organization)

    response = order(staff, asked, offer)

    assert response.status_code == 422
    assert "no longer this reseller" in response.text
    assert browser_of(stranger).open(DETAIL, asked.pk).status_code == 404
    assert staff.send(DECLINE, asked.pk, data={"reason": "Moved"}).status_code == 302


@pytest.mark.parametrize("reference", ["", "x", "E-000000", "L-7K3QX2", "\x00", "E" * 400])
def test_references_that_are_none_answer_nothing(staff, asked, offer, reference):
    assert order(staff, asked, offer, asked=reference).status_code == 302

    asked.refresh_from_db()
    assert asked.status == "open"


def test_declining_says_why(staff, rita, asked, reseller):
    assert staff.send(DECLINE, asked.pk).status_code == 422

    staff.send(DECLINE, asked.pk, data={"reason": "They owe us\r\nmoney"})

    asked.refresh_from_db()
    assert (asked.status, asked.decline_reason) == ("declined", "They owe us\nmoney")
    assert "They owe us" in rita.open(DETAIL, asked.pk).text
    assert Notice.objects.filter(organization=reseller.organization, kind="order_declined").exists()


def test_withdrawn_is_withdrawn(staff, rita, asked, offer):
    rita.send(WITHDRAW, asked.pk)

    asked.refresh_from_db()
    assert asked.status == "withdrawn"
    assert order(staff, asked, offer).status_code == 409
    staff.send(DECLINE, asked.pk, data={"reason": "Late"})
    asked.refresh_from_db()
    assert asked.status == "withdrawn"


def test_the_round_lets_it_expire(asked, provider, reseller):
    OrderRequest.objects.update(expires_at=now())

    look_after_orders()

    asked.refresh_from_db()
    assert asked.status == "expired"
    kinds = set(Notice.objects.values_list("kind", "organization"))
    assert ("order_expired", reseller.organization_id) in kinds
    assert ("order_missed", provider.organization_id) in kinds


def test_nobody_expires_what_has_time(asked):
    with pytest.raises(InvalidTransition):
        services.expire_order_request(asked)


# What the database itself refuses.


def test_nobody_asks_in_the_name_of_another_reseller(customer, offer, stranger, reseller):
    expected = pytest.raises(ProgrammingError, match="row-level security")
    with expected, acting(stranger.actor), transaction.atomic():
        MAKE(customer, offer, asked_by=stranger.user, asked_for=reseller.organization)


def test_nobody_asks_another_provider(customer, offer, reseller, outsider):
    elsewhere = customer.parties | {"provider_id": outsider.organization_id}
    expected = pytest.raises(IntegrityError, match="agrees")
    with expected, acting(reseller.actor), transaction.atomic():
        OrderRequest.objects.create(
            customer=customer,
            asked_for=reseller.organization,
            asked_by=reseller.user,
            **elsewhere,
        )


@pytest.mark.parametrize("side", ["provider", "buyer"])
def test_only_resellers_make_one(request, side, customer, offer):
    person = request.getfixturevalue(side)
    expected = pytest.raises(ProgrammingError, match="permission denied")
    with expected, acting(person.actor), transaction.atomic():
        MAKE(customer, offer, asked_by=person.user)


def test_an_add_on_is_asked_for_with_its_base(rita, staff, customer, offer):
    add_on = make_offer("Audio Conferencing", is_add_on=True)
    make_subscription(customer, offer)
    base = make_subscription(customer, offer)
    refused = ask(rita, customer, add_on)
    assert "Select what Audio Conferencing belongs to" in refused.text
    ask(rita, customer, add_on, **{f"base-{add_on.pk}": f"s{base.pk}"})

    page = staff.get(staff.open(DETAIL, OrderRequest.objects.get().pk).context["order_url"])

    assert f'value="s{base.pk}" selected' in page.text
    assert Browser(rita.membership).open(LIST).status_code == 200


def test_licenses_of_one_offer_are_enough(rita, customer, offer):
    other = make_offer("Power BI Pro")

    ask(rita, customer, offer, **licenses(other, 2))

    assert OrderRequest.objects.get().offers() == [(offer, 5), (other, 2)]
