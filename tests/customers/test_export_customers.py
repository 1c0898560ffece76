"""*Export customers* and *Export subscriptions*: which rows, which columns, in which dialect."""

import csv
from io import StringIO

import pytest

from portal.references import encode
from tests.factories import (
    make_customer,
    make_partnership,
    make_subscription,
    make_tag,
)

EXPORT = "customers:customer_export"


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


@pytest.fixture
def albrecht(provider, reseller, partnership):
    customer = make_customer(
        provider.organization, reseller.organization, company_name="Albrecht", domain="a.example"
    )
    make_subscription(customer, quantity=120)
    make_subscription(customer, quantity=7, status="cancelled")
    make_tag(customer, "VIP")
    make_tag(customer, "Pilot")
    return customer


def table(response, delimiter=","):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=delimiter))


def test_the_columns(browser, albrecht, partnership):
    header, row = table(browser.open(EXPORT))

    assert header == [
        "Customer ID",
        "Company name",
        "Primary domain name",
        "Relationship",
        "Indirect reseller",
        "MPN ID",
        "Country/region",
        "Customer agreement",
        "Tags",
        "Subscriptions",
        "Licenses",
        "Added",
    ]
    assert row[:-1] == [
        albrecht.reference,
        "Albrecht",
        "a.example",
        "Cloud Reseller",
        "Kessler IT-Systemhaus",
        partnership.location.mpn_id,
        "DE",
        "Accepted",
        "Pilot, VIP",
        "1",
        "120",
    ]
    assert row[-1][-6] in "+-"


def test_the_documented_german_labels(browser, albrecht):
    response = browser.get(browser.url(EXPORT), HTTP_ACCEPT_LANGUAGE="de")

    assert response.content.startswith("\ufeff".encode())
    header = table(response, ";")[0]
    assert header[:4] == ["Kunden-ID", "Firmenname", "Primärer Domänenname", "Beziehung"]


def test_selected_matching_and_all(browser, albrecht, provider, outsider):
    berg = make_customer(provider.organization, company_name="Berg")
    make_customer(provider.organization, company_name="Cobra", status="removed")
    theirs = make_customer(outsider.organization, company_name="Theirs")

    def exported(**query):
        return [row[1] for row in table(browser.open(EXPORT, **query))[1:]]

    assert exported(scope="selected", selected=[berg.reference, theirs.reference]) == ["Berg"]
    assert exported(scope="matching", q="alb") == ["Albrecht"]
    assert exported(q="alb", scope="all") == ["Albrecht", "Berg"]
    assert exported(scope="matching", status="removed") == ["Cobra"]
    assert exported(sort="-name") == ["Berg", "Albrecht"]


def test_nothing_selected_leads_back_with_the_filters(browser, albrecht):
    response = browser.open(EXPORT, scope="selected", q="alb", selected="C-000000")

    assert response["Location"] == browser.url("customers:customer_list", q="alb")
    assert "Select at least one customer" in browser.get(response["Location"]).text


def test_formulas_are_harmless(browser, provider):
    customer = make_customer(provider.organization, company_name="=cmd|' /C calc'!A0")
    make_tag(customer, "@sum")

    row = table(browser.open(EXPORT))[1]
    assert row[1].startswith("'=") and row[8] == "'@sum"


def test_a_resellers_own_file(reseller, outsider, albrecht, browser_of):
    make_partnership(outsider.organization, reseller.organization)
    make_customer(outsider.organization, reseller.organization, company_name="Berg")

    header, first, second = table(browser_of(reseller).open(EXPORT))
    assert header[4] == "Indirect provider" and "Tags" not in header
    assert (first[4], second[4]) == ("Nordwind Distribution", "Südstern Cloud")


def test_many_rows_cost_few_queries(browser, provider, reseller, django_assert_max_num_queries):
    partner = make_partnership(provider.organization, reseller.organization).reseller
    for _ in range(30):
        make_subscription(make_customer(provider.organization, partner))
    with django_assert_max_num_queries(16):
        assert len(table(browser.open(EXPORT))) == 31


def test_the_name_of_the_file_says_what_is_in_it(browser, albrecht, reseller):
    name = browser.open(EXPORT, country="DE", tag="VIP")["Content-Disposition"]
    assert "_customers_DE_vip_" in name
    kessler = encode("R", reseller.organization_id)
    assert kessler.lower() in browser.open(EXPORT, reseller=kessler)["Content-Disposition"]


def test_subscriptions_of_a_customer(browser, albrecht, outsider, browser_of, reseller):
    location = reseller.organization.mpn_accounts.get()
    albrecht.subscriptions.filter(quantity=120).update(reseller_of_record=location)
    name = "subscriptions:customer_subscriptions_export"

    header, *rows = table(browser.open(name, albrecht.pk))

    assert header == ["Subscription ID", "Subscription", "Quantity", "Status", "Reseller"]
    running = next(row for row in rows if row[2] == "120")
    assert running[3:] == ["Active", f"Kessler IT-Systemhaus · {location.mpn_id}"]
    assert len(rows) == 2
    assert browser_of(outsider).open(name, albrecht.pk).status_code == 404
