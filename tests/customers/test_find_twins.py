"""A company that may be a customer already is pointed out, and only to those who may know."""

import pytest

from customers.twins import find_twins
from portal.accounts.roles import Kind
from tests.customers.conftest import typed
from tests.factories import make_customer, make_membership

CHECK, CREATE = "customers:twin_check", "subscriptions:draft_create"


@pytest.fixture
def vogel(provider):
    return make_customer(
        provider.organization,
        company_name="Vögel Optik GmbH",
        registration_number="HRB 47-11",
        email="vera@vogel-optik.example",
        domain="vogel.onportal.example",
    )


@pytest.mark.parametrize(
    "typed_now",
    [
        {"company_name": "Voegel Optik"},
        {"company_name": "vögel  optik GmbH & Co. KG"},
        {"registration_number": "hrb4711"},
        {"registration_number": "HRB 4711."},
        {"email": "new@VOGEL-optik.example"},
    ],
)
def test_it_is_found_by_each_thing_it_has_in_common(provider, vogel, browser_of, typed_now):
    assert [twin.customer for twin in find_twins(provider, **typed_now)] == [vogel]
    text = browser_of(provider).open(CHECK, **typed_now).text
    assert "Vögel Optik GmbH, Hamburg" in text
    assert f"/customers/{vogel.reference}/" in text


@pytest.mark.parametrize(
    "typed_now",
    [
        {"company_name": "Vogel"},
        {"company_name": "GmbH"},
        {"company_name": ""},
        {"company_name": "%"},
        {"registration_number": "47"},
        {"registration_number": "HRB 4711 B"},
        {"registration_number": ".*.*.*.*.*"},
        {"email": "vogel-optik.example"},
        {"email": "x@optik.example"},
        {"email": "\x00@\x00.example"},
        {"company_name": "<script>" + "x" * 5000},
    ],
)
def test_others_and_nonsense_find_nothing(provider, vogel, browser_of, typed_now):
    response = browser_of(provider).open(CHECK, **typed_now)

    assert response.status_code == 200
    assert response.text.strip() == ""


def test_web_mail_says_nothing_about_a_company(provider):
    make_customer(provider.organization, email="a@gmail.com")

    assert find_twins(provider, email="b@gmail.com") == []


def test_what_others_serve_is_never_named(outsider, vogel, browser_of):
    names = {"company_name": "Vögel Optik GmbH", "registration_number": "HRB 47-11"}

    assert browser_of(outsider).open(CHECK, **names).text.strip() == ""
    taken = browser_of(outsider).open("customers:domain_check", domain="vogel").text
    assert "vogel.onportal.example is taken" in taken
    assert "Vögel" not in taken and vogel.reference not in taken
    assert "Request a reseller relationship</a>" in taken


def test_a_name_ones_own_customer_has_leads_to_it(provider, vogel, browser_of):
    text = browser_of(provider).open("customers:domain_check", domain="vogel").text

    assert f"/customers/{vogel.reference}/" in text
    assert "Request a reseller relationship" not in text


def test_next_asks_once_and_goes_on_with_another_company(provider, vogel, browser_of):
    browser = browser_of(provider)
    page = browser.send(CREATE, data=typed(company_name="Vögel Optik GmbH"))

    assert page.status_code == 422
    assert "It is another company" in page.text and vogel.reference in page.text
    answer = {"other_company": page.context["form"].other_companies}
    gone_on = browser.send(CREATE, data=typed(company_name="Vögel Optik GmbH") | answer)
    assert gone_on.status_code == 302
    again = browser.get(gone_on["Location"].replace("subscriptions/", ""))
    assert "It is another company" not in again.text


def test_a_taken_domain_at_next_shows_the_way_out(provider, outsider, vogel, browser_of):
    page = browser_of(outsider).send(CREATE, data=typed(domain="vogel"))

    assert page.status_code == 422
    assert "Request a reseller relationship</a>" in page.text and "Vögel" not in page.text
    own = browser_of(provider).send(CREATE, data=typed(domain="vogel"))
    assert "It belongs to your customer Vögel Optik GmbH" in own.text


def test_a_reseller_has_no_such_page(browser_of):
    assert browser_of(make_membership(kind=Kind.RESELLER)).open(CHECK).status_code == 404
