"""*Add subscription* for an existing customer: one page, one Submit, one order."""

import re
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from partners.models import PartnerProfile
from portal.accounts.roles import Kind, Role
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions.models import Order, OrderLine, Subscription
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_membership,
    make_offer,
    make_partner,
    make_partnership,
)
from tests.subscriptions.conftest import do_background_work, licenses

ADD, LIST = "subscriptions:subscription_add", "subscriptions:customer_subscriptions"
PRESSES = 5


def order(browser, customer, offer, number=25, **data):
    fields = {"submission": str(uuid4()), "reseller": "none", "next": "submit"} | data
    return browser.send(ADD, customer.pk, data=licenses(offer, number) | fields)


def selected(page):
    return re.findall(r'<option value="([^"]*)" selected', page.text)


def test_the_page_offers_everything_at_once(staff, customer, offer, partnership):
    page = staff.open(ADD, customer.pk)

    assert "New subscription" in page.text
    assert customer.company_name in page.text
    assert "Reseller (MPN ID)" in page.text
    assert "Submit" in page.text and "Next: Review" not in page.text


def test_the_customers_reseller_is_preset(staff, customer, partnership):
    assert partnership.location.mpn_id in selected(staff.open(ADD, customer.pk))


def test_without_reseller_nothing_is_preset_and_one_must_choose(staff, provider, offer):
    customer = make_customer(provider.organization)

    assert selected(staff.open(ADD, customer.pk))[-1:] in ([""], [])
    response = order(staff, customer, offer, reseller="")
    assert response.status_code == 422
    assert "Select a reseller, or “No indirect reseller”." in response.text


def test_submitting_orders_and_shows_the_new_rows(staff, customer, offer, partnership):
    response = order(staff, customer, offer, reseller=partnership.location.mpn_id)

    placed = Order.objects.get()
    assert response["Location"] == staff.url(LIST, customer.pk, new=placed.reference)
    subscription = Subscription.objects.get()
    assert subscription.reseller_of_record == partnership.location
    assert subscription.support_contact is None  # naming one is a later, separate step
    page = staff.get(response["Location"])
    assert 'class="is-new"' in page.text
    assert placed.reference in page.text
    assert "1 subscription ordered" in page.text


def test_what_was_there_before_is_not_new(staff, customer, offer):
    order(staff, customer, make_offer("Old"))
    response = order(staff, customer, offer)

    page = staff.get(response["Location"])
    assert page.text.count('class="is-new"') == 1


def test_it_is_set_up_in_the_background(staff, customer, offer):
    order(staff, customer, offer)
    do_background_work()

    assert Subscription.objects.get().status == Subscription.Status.ACTIVE


def test_no_indirect_reseller_is_a_choice_with_a_warning(staff, customer, offer):
    assert "nobody earns" in staff.open(ADD, customer.pk).text

    order(staff, customer, offer, reseller="none")

    assert Subscription.objects.get().reseller_of_record is None


def test_a_reseller_without_agreement_is_refused(staff, customer, offer, partnership):
    PartnerProfile.objects.filter(organization=partnership.reseller).update(
        agreement_signed_at=None
    )

    response = order(staff, customer, offer, reseller=partnership.location.mpn_id)

    assert response.status_code == 422
    assert "has not signed the partner agreement" in response.text
    assert f'value="{25}"' in response.text
    assert not Order.objects.exists()


@pytest.mark.parametrize("mpn_id", ["4999999", "x", "' or 1=1", "\x00", "9" * 5000])
def test_resellers_that_are_no_partners_are_refused(staff, customer, offer, mpn_id):
    assert order(staff, customer, offer, reseller=mpn_id).status_code == 422
    assert not Order.objects.exists()


def test_nothing_chosen_is_refused(staff, customer, offer):
    response = order(staff, customer, offer, "")

    assert response.status_code == 422
    assert "Select at least one subscription" in response.text


def test_too_many_licenses_are_refused_and_kept(staff, customer, offer, partnership):
    response = order(staff, customer, offer, 301, reseller=partnership.location.mpn_id)

    assert response.status_code == 422
    assert "Business Premium allows at most 300 licenses" in response.text
    assert 'value="301"' in response.text
    assert partnership.location.mpn_id in selected(response)


@pytest.mark.parametrize("submission", ["", "x", "\x00", "1" * 5000])
def test_a_form_without_identity_is_refused(staff, customer, offer, submission):
    assert order(staff, customer, offer, submission=submission).status_code == 422
    assert not Order.objects.exists()


def test_the_same_form_twice_orders_once(staff, customer, offer):
    one = str(uuid4())

    first = order(staff, customer, offer, submission=one)
    second = order(staff, customer, offer, submission=one)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_the_same_form_twice_orders_once_even_at_the_limit(staff, customer):
    pool, one = make_offer("Pool", limit_per_customer=1), str(uuid4())

    first = order(staff, customer, pool, submission=one)
    second = order(staff, customer, pool, submission=one)

    assert first["Location"] == second["Location"]


def test_the_identity_of_another_customers_form_orders_nothing_new(
    staff, provider, customer, offer
):
    one, other = str(uuid4()), make_customer(provider.organization)
    order(staff, customer, offer, submission=one)

    assert order(staff, other, offer, submission=one).status_code == 409
    assert Order.objects.count() == 1


def test_filters_put_the_choice_into_the_address(staff, customer, offer):
    make_offer("Power BI Pro")

    response = staff.send(
        ADD, customer.pk, data=licenses(offer, "25") | {"q": "power", "reseller": "none"}
    )

    url = staff.url(ADD, customer.pk)
    assert response["Location"] == f"{url}?q=power&order={offer.pk}x25&reseller=none"
    page = staff.get(response["Location"])
    assert f'name="licenses-{offer.pk}" value="25"' in page.text
    assert "none" in selected(page)
    assert not Order.objects.exists()


def test_filtering_does_not_complain_about_the_rest_of_the_form(staff, customer, offer):
    response = staff.send(ADD, customer.pk, data=licenses(offer, "many") | {"q": "x"})

    assert response.status_code == 422
    assert "Select a reseller" not in response.context["form"].errors.as_text()


@pytest.mark.parametrize(
    "choice", ["x", "1x", "x1", "0x0", "9" * 30 + "x1", "1x1e9", "\x00", "1x-1"]
)
def test_nonsense_in_the_address_does_no_harm(staff, customer, offer, choice):
    page = staff.get(staff.url(ADD, customer.pk), {"order": choice, "reseller": choice})

    assert page.status_code == 200


def test_without_agreement_the_order_waits(staff, provider, offer):
    customer = make_customer(provider.organization, agreement="asked", agreement_date=None)
    assert "waits until the agreement is confirmed" in staff.open(ADD, customer.pk).text

    page = staff.get(order(staff, customer, offer)["Location"])

    assert Order.objects.get().status == Order.Status.WAITING
    assert not OutboxMessage.objects.exists()
    assert "It waits for the customer agreement." in page.text


def test_the_reseller_of_the_customer_and_of_record_are_two_facts(staff, provider, customer, offer):
    other = make_partnership(provider.organization, make_partner(name="Alpina"))

    order(staff, customer, offer, reseller=other.location.mpn_id)

    subscription = Subscription.objects.get()
    assert subscription.reseller_of_record == other.location
    assert subscription.reseller == customer.reseller != other.reseller


def test_removed_customers_buy_nothing(staff, customer, offer):
    type(customer).objects.filter(pk=customer.pk).update(status="removed")

    assert staff.open(ADD, customer.pk).status_code == 404
    assert order(staff, customer, offer).status_code == 404


@pytest.mark.parametrize("who,answer", [("outsider", 404), ("reseller", 404)])
def test_others_cannot_order(request, browser_of, customer, offer, who, answer):
    browser = browser_of(request.getfixturevalue(who))

    assert browser.open(ADD, customer.pk).status_code == answer
    assert order(browser, customer, offer).status_code == answer
    assert not Order.objects.exists()


def test_a_user_admin_is_told_who_may(provider, browser_of, customer, offer):
    browser = browser_of(make_membership(Role.USER_ADMIN, organization=provider.organization))

    assert order(browser, customer, offer).status_code == 403
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_give_one_order():
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER)
        browser = Browser(make_membership(organization=provider))
        customer, offer = make_customer(provider), make_offer(limit_per_customer=1)
    one, barrier, answers = str(uuid4()), Barrier(PRESSES), []

    def press(copy):
        try:
            barrier.wait()
            fields = {"submission": one, "reseller": "none", "next": "submit"}
            data = licenses(offer, 5) | fields
            answers.append(copy.post(browser.url(ADD, customer.pk), data).headers.get("Location"))
        finally:
            connection.close()

    copies = [Client() for _ in range(PRESSES)]
    for copy in copies:
        copy.cookies = browser.cookies
    threads = [Thread(target=press, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        placed = Order.objects.get()
        assert set(answers) == {browser.url(LIST, customer.pk, new=placed.reference)}
        assert OrderLine.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_do_not_get_past_the_limit():
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER)
        people = [Browser(make_membership(organization=provider)) for _ in range(3)]
        customer, offer = make_customer(provider), make_offer(limit_per_customer=1)
    barrier, answers = Barrier(3), []

    def press(browser):
        try:
            barrier.wait()
            answers.append(order(browser, customer, offer, 5).status_code)
        finally:
            connection.close()

    threads = [Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 422, 422]
    with acting(OPERATOR):
        assert Subscription.objects.count() == 1


def test_the_offers_of_a_customer_follow_its_country(staff, provider):
    make_offer("Euro only")
    customer = make_customer(provider.organization, country="CH")

    page = staff.open(ADD, customer.pk)

    assert "Not sold in Switzerland" in page.text
