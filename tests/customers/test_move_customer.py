"""*Move to another reseller*: judged first, then explained, then done, once."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from customers.models import Customer, DelegatedAdmin
from customers.services import MoveRefused, move_customer, move_problem, remove_customer
from partners.models import Partnership
from partners.services import remove_partnership
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.references import encode
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
)

PAGE = "customers:customer_move"


@pytest.fixture
def alster(provider):
    """Another partner of the provider."""
    company = make_partner(name="Alster Cloud")
    make_partnership(provider.organization, company)
    return company


@pytest.fixture
def served(provider, reseller, partnership):
    """A customer of the first reseller, which is of record and supports a subscription."""
    customer = make_customer(provider.organization, reseller.organization)
    make_subscription(
        customer,
        reseller_of_record=partnership.location,
        support_contact=reseller.organization,
    )
    return customer


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


def reference(company):
    return encode("R", company.pk) if company else "none"


def move(browser, customer, company, was):
    data = {"reseller": reference(company), "was": reference(was)}
    return browser.send(PAGE, customer.pk, data=data)


def reseller_of(customer):
    return Customer.objects.get(pk=customer.pk).reseller


def test_the_account_leads_there(browser, served):
    text = browser.open("customers:customer_account", served.pk).text

    assert browser.url(PAGE, served.pk) in text


def test_looking_explains_and_changes_nothing(browser, served, alster, reseller):
    page = browser.open(PAGE, served.pk)
    assert "Kessler IT-Systemhaus looks after" in page.text and "Alster Cloud" in page.text

    text = browser.open(PAGE, served.pk, reseller=reference(alster)).text

    for words in (
        "<strong>Alster Cloud</strong> looks after the customer",
        "leaves the customer list of Kessler IT-Systemhaus",
        "Kessler IT-Systemhaus keeps its delegated admin privileges until the customer removes",
        "1 subscription keeps Reseller (MPN ID)",
        "Yes, move the customer",
    ):
        assert words in text
    assert reseller_of(served) == reseller.organization


def test_the_move(browser, served, alster, reseller, partnership):
    response = move(browser, served, alster, reseller.organization)

    assert response["Location"] == browser.url("customers:customer_account", served.pk)
    assert reseller_of(served) == alster
    granted = DelegatedAdmin.objects.granted().filter(customer=served)
    assert {right.partner for right in granted} == {alster, reseller.organization}
    [subscription] = served.subscriptions.all()
    assert subscription.reseller == alster
    assert subscription.reseller_of_record == partnership.location
    assert subscription.support_contact == reseller.organization
    told = AuditEntry.objects.filter(action="customer.handed_over")
    assert {entry.organization for entry in told} == {
        served.provider,
        reseller.organization,
        alster,
        served.organization,
    }


def test_to_nobody_and_back(browser, served, reseller):
    text = browser.open(PAGE, served.pk, reseller="none").text
    assert "Nobody but you looks after the customer." in text
    assert move(browser, served, None, reseller.organization).status_code == 302
    assert reseller_of(served) is None

    assert move(browser, served, reseller.organization, None).status_code == 302
    assert reseller_of(served) == reseller.organization


def test_pressing_twice_moves_once(browser, served, alster, reseller):
    move(browser, served, alster, reseller.organization)

    again = move(browser, served, alster, reseller.organization)

    assert again.status_code == 422
    assert "Alster Cloud looks after this customer already." in again.text
    entries = AuditEntry.objects.filter(action="customer.handed_over")
    assert entries.filter(organization=served.provider).count() == 1


def test_what_somebody_else_has_just_moved_is_asked_again(browser, served, alster, reseller):
    other = make_partner(name="Isar Cloud")
    make_partnership(served.provider, other)
    move(browser, served, other, reseller.organization)

    late = move(browser, served, alster, reseller.organization)

    assert late.status_code == 422
    assert "Somebody else has just moved this customer." in late.text
    assert reseller_of(served) == other


@pytest.mark.parametrize("why", ["ended", "never", "unsigned", "region", "same", "direct"])
def test_what_stands_in_the_way(browser, provider, served, alster, reseller, why):
    target = alster
    if why == "ended":
        partnership = Partnership.objects.get(reseller=alster)
        remove_partnership(partnership, actor=provider, statement_version="2026-01")
        words = "You have no active partnership with Alster Cloud."
    elif why == "never":
        target = make_partner(name="Nobody's Cloud")
        words = "You have no active partnership with Nobody's Cloud."
    elif why == "unsigned":
        target = make_partner(name="Unsigned Cloud", signed=False)
        make_partnership(provider.organization, target)
        words = "Unsigned Cloud has not signed the partner agreement."
    elif why == "region":
        target = make_partner(name="Aloha Cloud", country="US")
        make_partnership(provider.organization, target)
        words = "Aloha Cloud belongs to another sales region"
    elif why == "same":
        target, words = reseller.organization, "looks after this customer already"
    else:
        Customer.objects.filter(pk=served.pk).update(reseller=None)
        served.refresh_from_db()
        target, words = None, "You serve this customer without a reseller."
    was = served.reseller

    assert words in move_problem(served, target)
    with pytest.raises(MoveRefused):
        move_customer(served, target, actor=provider, seen=served.reseller_id)
    looked = browser.open(PAGE, served.pk, reseller=reference(target))
    assert looked.status_code == 200 and "Yes, move" not in looked.text
    assert move(browser, served, target, was).status_code == 422
    assert reseller_of(served) == was


def test_a_removed_customer_stays_where_it_is(browser, provider, served, alster, reseller):
    remove_customer(served, actor=provider, statement_version="2026-01")
    served.refresh_from_db()

    assert move_problem(served, alster) == "The relationship with this customer has ended."
    assert move(browser, served, alster, reseller.organization).status_code == 302
    assert reseller_of(served) == reseller.organization


@pytest.mark.parametrize("text", ["R-000000", "nonsense", "", "none\x00"])
def test_nonsense_is_refused(browser, served, reseller, text):
    data = {"reseller": text, "was": reference(reseller.organization)}
    assert browser.send(PAGE, served.pk, data=data).status_code == 422
    looked = browser.open(PAGE, served.pk, reseller=text or "x")
    assert looked.status_code == 200 and "Yes, move" not in looked.text


def test_the_role_decides(served, provider, reseller, browser_of):
    users = make_membership(Role.USER_ADMIN, organization=provider.organization)

    assert browser_of(users).open(PAGE, served.pk).status_code == 403
    assert browser_of(reseller).open(PAGE, served.pk).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_people_move_it_two_ways_at_once(transactional_db, provider):
    with acting(OPERATOR):
        companies = [make_partner(name=f"Cloud {number}") for number in range(4)]
        for company in companies:
            make_partnership(provider.organization, company)
        customer = make_customer(provider.organization, companies[0])
    ready, answers = Barrier(3), []

    def press(company):
        try:
            browser = Browser(provider)
            ready.wait(30)
            answers.append(move(browser, customer, company, companies[0]).status_code)
        finally:
            connection.close()

    threads = [Thread(target=press, args=[company]) for company in companies[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 422, 422]
    with acting(OPERATOR):
        entries = AuditEntry.objects.filter(action="customer.handed_over")
        assert entries.filter(organization=provider.organization).count() == 1
