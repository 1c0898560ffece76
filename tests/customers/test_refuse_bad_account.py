"""*New customer* as a page: whatever is wrong stays on the page, and nothing is written."""

import pytest

from customers.models import Customer
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from subscriptions.models import OrderDraft
from tests.customers.conftest import typed

HOSTILE = {
    "nothing at all": ("company_name", ""),
    "too much": ("company_name", "x" * 100_000),
    "NUL": ("city", "Ham\x00burg"),
    "a control character": ("address_line_1", "Am\x08Markt 1"),
    "a mark that turns the direction": ("first_name", "Ve\u202era"),
    "SQL instead of a country": ("country", "DE'; drop table customers_customer; --"),
    "script instead of a domain": ("domain", "<script>alert(1)</script>"),
    "a date that does not exist": ("agreement_date", "2026-02-31"),
    "a year beyond all years": ("agreement_date", "999999-01-01"),
    "an unknown choice": ("agreement", "maybe"),
    "a foreign reseller": ("reseller", "R-4M7TQK"),
    "a website that is code": ("education_website", "javascript:alert(1)"),
    "an address with a line break": ("email", "vera@vogel.example\nBcc: all@vogel.example"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(provider, browser_of, case):
    field, value = HOSTILE[case]

    response = browser_of(provider).send(
        "subscriptions:draft_create", data=typed(**{field: value, "last_name": "Vogel-Adler"})
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'href="#id_{field}' in response.text
    assert "Vogel-Adler" in response.text
    assert "<script>alert" not in response.text
    assert not Customer.objects.exists() and not OrderDraft.objects.exists()
    assert not Organization.objects.filter(kind=Kind.CUSTOMER).exists()


def test_markup_in_a_name_is_only_a_name(provider, browser_of):
    name = "<b>Vogel</b> & Söhne'; --"
    browser = browser_of(provider)

    response = browser.send("subscriptions:draft_create", data=typed(company_name=name))

    assert response.status_code == 302
    page = browser.get(response["Location"])
    assert "<b>Vogel" not in page.text
    assert OrderDraft.objects.get().account["company_name"] == name


def test_the_page_is_there_in_german(provider, browser_of):
    url = browser_of(provider).url("subscriptions:draft_create")

    assert browser_of(provider).get(url, HTTP_ACCEPT_LANGUAGE="de").status_code == 200
