"""A customer's own side: Home, its subscriptions, who helps."""

import csv
from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from customers.models import Customer
from portal.accounts.roles import Kind
from portal.references import encode
from tests.factories import (
    make_customer,
    make_license_request,
    make_membership,
    make_order,
    make_subscription,
)

HOME, LIST = "subscriptions:home", "subscriptions:subscription_list"
DETAIL = "subscriptions:subscription_detail"
SUPPORT, EXPORT = "subscriptions:support", "subscriptions:own_export"


@pytest.fixture
def two_providers(customer, outsider, reseller):
    """Business Premium from Nordwind with Kessler's support, Planner from Südstern without any."""
    other = make_customer(outsider.organization, organization=customer.organization)
    contact = {"support_contact": reseller.organization}
    profile = reseller.organization.partner
    profile.phone, profile.email = "+49 40 5550 310", "hilfe@kessler.example"
    profile.website, profile.languages = "https://kessler.example/", ["de", "en"]
    profile.save()
    return (
        make_subscription(customer, name="Business Premium", **contact),
        make_subscription(other, name="Planner", quantity=3),
    )


def test_home_groups_by_provider_and_each_number_leads_to_its_rows(vera, two_providers, customer):
    make_subscription(customer, status="deleted")
    sold = vera.open(HOME).context["sold"]

    assert [part.provider.name for part in sold] == ["Nordwind Distribution", "Südstern Cloud"]
    for part in sold:
        assert vera.get(part.url).context["page"].count == part.count == 1


def test_home_says_who_helps_and_who_may_administer(vera, two_providers, reseller):
    text = vera.open(HOME).text

    assert "+49 40 5550 310" in text and "mailto:hilfe@kessler.example" in text
    admins = text.split("Who can administer your account")[1]
    assert "Kessler IT-Systemhaus" in admins


def test_a_new_customers_home_says_what_happens_next(vera):
    text = vera.open(HOME).text

    assert "No subscriptions yet" in text and "Your partner orders them for you" in text
    assert "Nothing needs attention. Last checked" in text


def test_home_counts_the_answers_its_list_shows(vera, two_providers, provider):
    decided = {"decided_by": provider.user, "decided_for": provider.organization}
    for status, days in (("approved", 1), ("declined", 13), ("declined", 15)):
        at = now() - timedelta(days=days)
        make_license_request(two_providers[0], status=status, decided_at=at, **decided)

    [line] = vera.open(HOME).context["attention"]

    assert line["text"] == "2 license requests were answered within 14 days"
    assert vera.get(line["url"]).context["page"].count == 2


def test_home_asks_for_the_agreement_that_orders_wait_for(vera, customer):
    missing = {"agreement": Customer.Agreement.ASKED, "agreement_date": None}
    Customer.objects.filter(pk=customer.pk).update(**missing)
    make_order(customer, status="waiting")

    [line] = vera.open(HOME).context["attention"]

    assert line["text"] == "Accept the customer agreement: 1 order waits for it"
    assert vera.get(line["url"]).status_code == 200


def test_the_list_names_every_provider_and_filters_by_it(vera, two_providers, outsider):
    everything = vera.open(LIST)
    assert "Nordwind Distribution" in everything.text and "Südstern Cloud" in everything.text

    some = vera.open(LIST, provider=encode("R", outsider.organization_id)).context["page"].rows
    nothing_known = vera.open(LIST, provider="nobody").context["page"].rows

    assert [row.name for row in some] == ["Planner"]
    assert len(nothing_known) == 2


def test_it_says_nothing_of_prices_and_incentives(vera, two_providers):
    for response in (vera.open(LIST), vera.open(DETAIL, two_providers[0].pk), vera.open(HOME)):
        for word in ("€", "EUR", "20.60", "MPN", "incentive"):
            assert word not in response.text


RENEWAL = localdate() + timedelta(days=40)


@pytest.mark.parametrize(
    "fields,words",
    [
        ({"status": "pending", "started_on": None}, "being set up"),
        ({"ends_on": RENEWAL}, "It renews on"),
        ({"ends_on": RENEWAL, "auto_renew": False}, "does not renew"),
        ({"status": "suspended", "suspended_at": now()}, "The data is deleted on"),
        ({"status": "suspended"}, "Users can&#x27;t sign in"),
        ({"status": "expired"}, "Its term is over"),
        ({"status": "cancelled"}, "taken back"),
        ({"status": "deleted"}, "gone"),
    ],
)
def test_every_status_says_what_happens_when(vera, customer, fields, words):
    subscription = make_subscription(customer, **fields)

    assert words in vera.open(DETAIL, subscription.pk).text
    assert words.replace("&#x27;", "&#39;") in vera.open(LIST).text


def test_the_providers_page_of_a_customer_leads_the_customer_to_its_own(vera, customer, provider):
    response = vera.open("subscriptions:customer_subscriptions", customer.pk)
    assert response["Location"] == vera.url(LIST, provider=encode("R", provider.organization_id))


def test_who_helps_with_what_and_who_if_nobody_is_named(vera, two_providers):
    text = vera.open(SUPPORT).text

    kessler, suedstern = text.split("Südstern Cloud</h2>")
    assert "Business Premium" in kessler and "German" in kessler
    assert "tel:+49 40 5550 310" in kessler and "https://kessler.example/" in kessler
    assert "Planner" in suedstern and "Südstern Cloud, your provider, helps you" in suedstern
    assert "has not told us yet how to be reached" in suedstern


def test_nobody_needs_help_with_what_is_over(vera, customer):
    make_subscription(customer, status="deleted", name="Gone")
    response = vera.open(SUPPORT)
    assert "Gone" not in response.text and "No subscriptions yet" in response.text


def test_the_export_holds_what_the_list_shows(vera, two_providers, outsider):
    def rows(**query):
        text = vera.get(vera.url(EXPORT, format="comma", **query)).text
        return list(csv.reader(text.splitlines()))

    header, *both = rows()
    assert header[0] == "Subscription" and len(both) == 2
    second = encode("R", outsider.organization_id)
    assert [row[0] for row in rows(provider=second)[1:]] == ["Planner"]
    assert "hilfe@kessler.example" in both[1] and "20.60" not in str(both)


def test_an_export_can_not_calculate(vera, customer):
    make_subscription(customer, name="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in vera.get(vera.url(EXPORT, format="comma")).text


def test_what_others_have_is_in_none_of_it(browser_of, two_providers):
    browser = browser_of(make_membership(kind=Kind.CUSTOMER))
    for name in (HOME, LIST, SUPPORT, EXPORT):
        assert "Planner" not in browser.open(name).text
    assert browser.open(DETAIL, two_providers[0].pk).status_code == 404


@pytest.mark.parametrize("name", [HOME, LIST, SUPPORT, "subscriptions:license_request_list"])
def test_rows_cost_no_queries(vera, customer, name, django_assert_max_num_queries):
    for _ in range(2):
        make_license_request(make_subscription(customer))
    vera.open(name)
    with django_assert_max_num_queries(100) as few:
        vera.open(name)
    for _ in range(20):
        make_license_request(make_subscription(customer))
    with django_assert_max_num_queries(len(few)):
        vera.open(name)
