"""*Export subscriptions* of all customers: selected, matching or all rows."""

import csv
from io import StringIO

import pytest

from tests.factories import make_customer, make_subscription

EXPORT, LIST = "subscriptions:subscription_export", "subscriptions:subscription_list"


@pytest.fixture
def subscriptions(customer, offer, partnership):
    record = {"reseller_of_record": partnership.location, "nickname": "=SUM(1)"}
    return [
        make_subscription(customer, offer, name="Business Basic", **record),
        make_subscription(customer, offer, name="Visio Plan", status="suspended"),
    ]


def read(response):
    return list(csv.DictReader(StringIO(response.text)))


def test_the_documented_columns_come_first(staff, partnership, customer, subscriptions):
    response = staff.open(EXPORT, scope="all")

    assert response.text.startswith("Subscription ID,Subscription,Quantity,Status,Reseller,MPN ID,")
    assert response["Cache-Control"] == "no-store"
    assert (
        "nordwind-distribution" in response["Content-Disposition"]
        or "_subscriptions_all_" in (response["Content-Disposition"])
    )
    _visio, basic = read(response)
    assert basic["Subscription ID"] == subscriptions[0].reference
    assert (basic["Quantity"], basic["Status"]) == ("10", "Active")
    assert basic["Reseller"] == partnership.reseller.name
    assert basic["MPN ID"] == partnership.location.mpn_id
    assert basic["Customer"] == customer.company_name
    assert basic["Designated support contact"] == "Nordwind Distribution"
    assert basic["Nickname"] == "'=SUM(1)"


def test_each_scope(staff, provider, subscriptions):
    reference = subscriptions[0].reference

    def names(**query):
        return [row["Subscription"] for row in read(staff.open(EXPORT, **query))]

    assert names(scope="selected", selected=reference) == ["Business Basic"]
    assert names(scope="matching", status="suspended") == ["Visio Plan"]
    assert names(scope="all", status="suspended") == ["Visio Plan", "Business Basic"]
    assert names(scope="matching", sort="created_at") == ["Business Basic", "Visio Plan"]


def test_german_excel(staff, subscriptions):
    response = staff.open(EXPORT, scope="all", format="excel")

    assert response.text.startswith("\ufeffSubscription ID;Subscription;")


def test_nothing_selected(staff, outsider, subscriptions):
    theirs = make_subscription(make_customer(outsider.organization))

    response = staff.open(EXPORT, scope="selected", selected=theirs.reference, status="suspended")

    assert response["Location"] == staff.url(LIST, status="suspended")
    text = staff.get(response["Location"]).text
    assert "Select at least one subscription, then export again." in text


def test_a_reseller_exports_its_customers(browser_of, reseller, provider, subscriptions):
    make_subscription(make_customer(provider.organization))

    rows = read(browser_of(reseller).open(EXPORT, scope="all"))

    assert len(rows) == 2
    assert {row["Indirect provider"] for row in rows} == {"Nordwind Distribution"}


def test_many_rows_cost_few_queries(staff, subscriptions, django_assert_max_num_queries):
    for _number in range(20):
        make_subscription(subscriptions[0].customer)

    with django_assert_max_num_queries(10):
        assert len(read(staff.open(EXPORT, scope="all"))) == 22
