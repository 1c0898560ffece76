"""*Customers*: what is in the list, for a provider and for a reseller, and how it is found."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.roles import Kind, Role
from portal.references import encode
from tests.factories import (
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
)

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def albrecht(provider, reseller, partnership):
    """A customer with 145 licenses of two subscriptions, and one that is over."""
    customer = make_customer(
        provider.organization,
        reseller.organization,
        company_name="Albrecht Maschinenbau GmbH",
        domain="albrecht.onportal.example",
        phone="+49 40 5550 120",
    )
    make_subscription(customer, quantity=120)
    make_subscription(customer, name="Power BI Pro", quantity=25)
    make_subscription(customer, name="Old plan", quantity=7, status="cancelled")
    return customer


def names(response):
    return [row.company_name for row in response.context["page"].rows]


def test_a_row_says_who_what_and_how_many(provider, albrecht, browser_of):
    text = browser_of(provider).open("customers:customer_list").text

    assert f'customers/{albrecht.reference}/subscriptions/">Albrecht Maschinenbau GmbH</a>' in text
    assert "albrecht.onportal.example" in text
    assert "Kessler IT-Systemhaus" in text
    assert '<td data-label="Subscriptions" class="num">2</td>' in text
    assert '<td data-label="Licenses" class="num">145</td>' in text
    assert '<span class="status" data-status="active">Active</span>' in text
    assert "Add new customer" in text


def test_only_ones_own_customers(provider, outsider, albrecht, browser_of):
    make_customer(outsider.organization, company_name="Südstern's own")

    response = browser_of(provider).open("customers:customer_list")

    assert names(response) == ["Albrecht Maschinenbau GmbH"]
    assert "1 customer" in response.text


def test_a_reseller_sees_its_customers_of_every_provider(reseller, outsider, albrecht, browser_of):
    make_partnership(outsider.organization, reseller.organization)
    make_customer(outsider.organization, reseller.organization, company_name="Berg AG")
    make_customer(outsider.organization, company_name="Not ours")

    response = browser_of(reseller).open("customers:customer_list")

    assert names(response) == ["Albrecht Maschinenbau GmbH", "Berg AG"]
    assert '<td data-label="Indirect provider">' in response.text
    assert "Nordwind Distribution" in response.text
    assert "Add new customer" not in response.text


@pytest.mark.parametrize(
    "typed", ["albrecht", "ALBRECHT masch", "maschinenbau albrecht", "albrecht.onportal"]
)
def test_search_finds_name_and_domain(provider, albrecht, browser_of, typed):
    make_customer(provider.organization, company_name="Berg AG")

    assert names(browser_of(provider).open("customers:customer_list", q=typed)) == [
        "Albrecht Maschinenbau GmbH"
    ]


def test_umlauts_are_found_however_they_are_typed(provider, browser_of):
    make_customer(provider.organization, company_name="Müller Bäckerei")

    for typed in ("mueller", "Müller", "MULLER", "baeckerei"):
        assert names(browser_of(provider).open("customers:customer_list", q=typed)) == [
            "Müller Bäckerei"
        ]


def test_a_typed_customer_id_leads_to_the_customer(provider, albrecht, browser_of):
    browser = browser_of(provider)
    target = browser.url("customers:customer_detail", albrecht.pk)

    for typed in (albrecht.reference, albrecht.reference.lower().replace("-", " ")):
        assert browser.open("customers:customer_list", q=typed)["Location"] == target
    fragment = browser.get(browser.url("customers:customer_list", q=albrecht.reference), **HTMX)
    assert fragment["HX-Redirect"] == target


def test_a_customer_id_of_somebody_else_leads_nowhere(outsider, albrecht, browser_of):
    response = browser_of(outsider).open("customers:customer_list", q=albrecht.reference)

    assert response.status_code == 200
    assert names(response) == []


def test_filter_by_indirect_reseller(provider, reseller, albrecht, browser_of):
    make_customer(provider.organization, company_name="Berg AG")
    browser = browser_of(provider)
    reference = encode("R", reseller.organization_id)

    response = browser.open("customers:customer_list", reseller=reference)
    assert names(response) == ["Albrecht Maschinenbau GmbH"]
    assert "Filter by indirect reseller: Kessler IT-Systemhaus" in response.text
    assert names(browser.open("customers:customer_list", reseller="none")) == ["Berg AG"]


@pytest.mark.parametrize(
    "query",
    [
        {"reseller": "R-000000"},
        {"reseller": "' or 1=1 --"},
        {"q": "\x00"},
        {"q": "a" * 5000},
        {"after": "C-NONSENSE", "open": ["x", "C-111111"], "new": "<script>", "sort": "password"},
        {"before": "", "sort": "-name", "open": ""},
    ],
)
def test_nonsense_in_the_address_is_harmless(provider, albrecht, browser_of, query):
    browser = browser_of(provider)
    response = browser.get(browser.url("customers:customer_list", **query), follow=True)

    assert response.status_code == 200
    assert names(response) == ["Albrecht Maschinenbau GmbH"]
    assert "<script>" not in response.text


def test_a_reseller_filters_by_provider(reseller, outsider, albrecht, browser_of):
    make_partnership(outsider.organization, reseller.organization)
    make_customer(outsider.organization, reseller.organization, company_name="Berg AG")

    reference = encode("R", outsider.organization_id)
    response = browser_of(reseller).open("customers:customer_list", provider=reference)

    assert names(response) == ["Berg AG"]


def test_a_row_opens_by_its_address_without_script(provider, albrecht, browser_of):
    browser = browser_of(provider)
    closed = browser.open("customers:customer_list").text
    assert f'href="?open={albrecht.reference}#{albrecht.reference}"' in closed
    assert f'id="p-{albrecht.reference}" hidden' in closed

    opened = browser.open("customers:customer_list", open=albrecht.reference).text

    assert 'aria-expanded="true"' in opened
    assert f'id="p-{albrecht.reference}" hidden' not in opened
    assert "hx-get" not in opened.partition(f'id="x-{albrecht.reference}"')[2].partition(">")[0]
    for words in ("Add subscription", "Vera Vogel", "vera@vogel.example", "+49 40 5550 120"):
        assert words in opened
    assert "Power BI Pro · 25, Business Premium · 120" in opened
    assert "Old plan" not in opened
    assert browser.url("subscriptions:subscription_add", albrecht.pk) in opened


def test_opening_a_sixth_row_closes_the_oldest(provider, browser_of):
    made = [make_customer(provider.organization, company_name=f"Company {n}") for n in range(6)]
    browser = browser_of(provider)

    opened = [made[place].reference for place in (3, 0, 1, 2, 4)]
    response = browser.open("customers:customer_list", open=opened)

    link = response.text.partition(f'id="x-{made[5].reference}" href="')[2].partition('"')[0]
    assert link.count("open=") == 6
    assert response.text.count('aria-expanded="true"') == 5
    assert "is closed again" not in response.text.replace("The one that was opened first is", "")

    response = browser.get(browser.url("customers:customer_list") + unescape(link))
    assert response.text.count('aria-expanded="true"') == 5
    assert f'id="p-{made[3].reference}" hidden' in response.text
    assert "5 rows can be open at once. Company 3 was opened first" in response.text


def test_the_panel_comes_as_a_fragment_and_leads_to_the_list_otherwise(
    provider, albrecht, browser_of
):
    browser = browser_of(provider)
    url = browser.url("customers:customer_panel", albrecht.pk)

    fragment = browser.get(url, **HTMX)
    assert "<html" not in fragment.text
    assert "Nordwind Distribution" in fragment.text and "Add subscription" in fragment.text
    assert browser.get(url)["Location"] == (
        browser.url("customers:customer_list", open=albrecht.reference) + f"#{albrecht.reference}"
    )


def test_who_may_not_order_is_not_offered_it(provider, reseller, albrecht, browser_of):
    user_admin = make_membership(Role.USER_ADMIN, organization=provider.organization)

    for membership in (user_admin, reseller):
        browser = browser_of(membership)
        assert "Add subscription" not in (
            browser.get(browser.url("customers:customer_panel", albrecht.pk), **HTMX).text
        )


def test_a_region_is_all_htmx_gets(provider, albrecht, browser_of):
    browser = browser_of(provider)
    response = browser.get(browser.url("customers:customer_list"), **HTMX)

    assert response.text.lstrip().startswith("<section")
    assert "<html" not in response.text
    assert "HX-Request" in response["Vary"]


def test_the_new_customer_is_marked(provider, albrecht, browser_of):
    response = browser_of(provider).open("customers:customer_list", new=albrecht.reference)

    assert f'<tr id="{albrecht.reference}" class="is-new">' in response.text


def test_the_new_customer_is_in_front_when_its_place_is_far_behind(provider, browser_of):
    for number in range(30):
        make_customer(provider.organization, company_name=f"Company {number:02}")
    last = make_customer(provider.organization, company_name="Zander KG")

    response = browser_of(provider).open("customers:customer_list", new=last.reference)

    assert names(response)[:2] == ["Zander KG", "Company 00"]
    assert f'<tr id="{last.reference}" class="is-new">' in response.text


def test_pages_follow_each_other_without_gap(provider, browser_of):
    for number in range(60):
        make_customer(provider.organization, company_name=f"Company {number:02}")
    browser = browser_of(provider)
    seen, url = [], browser.url("customers:customer_list")

    while url:
        response = browser.get(url)
        seen += names(response)
        following = response.context["page"].next_url
        url = following and browser.url("customers:customer_list") + following

    assert seen == [f"Company {number:02}" for number in range(60)]


def test_nothing_yet_offers_the_first_step(provider, reseller, browser_of):
    text = browser_of(provider).open("customers:customer_list").text
    assert "No customers yet" in text
    assert browser_of(provider).url("subscriptions:draft_create") in text

    text = browser_of(reseller).open("customers:customer_list").text
    assert "No customers yet" in text
    assert "customers/new/" not in text


def test_a_reseller_without_customers_is_offered_the_first(provider, albrecht, browser_of):
    fjord = make_partner(Kind.RESELLER, name="Fjord Digital ApS")
    make_partnership(provider.organization, fjord)
    reference = encode("R", fjord.pk)
    browser = browser_of(provider)

    response = browser.open("customers:customer_list", reseller=reference)

    assert "Fjord Digital ApS has no customers yet" in response.text
    assert browser.url("subscriptions:draft_create", reseller=reference) in response.text


def test_filters_that_match_nothing_can_be_cleared(provider, albrecht, browser_of):
    text = browser_of(provider).open("customers:customer_list", q="nobody").text

    assert "Nothing matches these filters" in text
    assert "Clear all" in text


def test_german(provider, albrecht, browser_of):
    browser = browser_of(provider)
    url = browser.url("customers:customer_list", open=albrecht.reference)

    assert browser.get(url, HTTP_ACCEPT_LANGUAGE="de").status_code == 200


def test_the_number_of_queries_does_not_grow(provider, reseller, partnership, browser_of):
    browser = browser_of(provider)
    url = browser.url("customers:customer_list")

    def selects():
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        found = [query["sql"] for query in queries]
        return [sql for sql in found if sql.startswith("SELECT") and "session" not in sql]

    def add(number):
        for _place in range(number):
            make_subscription(make_customer(provider.organization, reseller.organization))

    add(2)
    few = selects()
    add(20)
    many = selects()

    assert len(few) == len(many) <= 6, "\n".join(many)


def test_whom_the_reseller_may_administer(provider, reseller, albrecht, browser_of):
    revoked = make_customer(provider.organization, reseller.organization, company_name="Revoked")
    revoked.delegated_admins.update(status="revoked")
    make_customer(provider.organization, company_name="Without a reseller")

    def found(**query):
        browser = browser_of(provider)
        return names(browser.get(browser.url("customers:customer_list", **query), follow=True))

    assert found(admin="granted") == ["Albrecht Maschinenbau GmbH"]
    assert found(admin="none") == ["Revoked", "Without a reseller"]
    assert found(admin="none", reseller=encode("R", reseller.organization_id)) == ["Revoked"]
    assert len(found(admin="perhaps")) == 3


def test_removed_customers_are_no_customers(provider, albrecht, browser_of):
    make_customer(provider.organization, company_name="Gone", status="removed")

    assert names(browser_of(provider).open("customers:customer_list")) == [albrecht.company_name]


def test_resellers_filter_by_their_own_privileges(reseller, albrecht, browser_of):
    browser = browser_of(reseller)
    url = browser.url("customers:customer_list", admin="granted", tag="VIP", reseller="none")
    response = browser.get(url, follow=True)

    kept = browser.url("customers:customer_list", admin="granted")
    assert response.redirect_chain == [(kept, 302)]
    fields = set(response.context["filters"].fields)
    assert {"q", "provider", "status", "country", "admin"} <= fields
    assert fields.isdisjoint({"reseller", "tag", "view", "owner"})
    assert names(response) == [albrecht.company_name]
