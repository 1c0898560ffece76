"""*Customers*: every filter, the one spelling of the address, tabs, hits, longer pages."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from portal.accounts.roles import Kind
from portal.references import encode
from tests.factories import (
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
    make_tag,
)

LIST = "customers:customer_list"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


@pytest.fixture
def fjord(provider):
    company = make_partner(Kind.RESELLER, name="Fjord Digital ApS")
    make_partnership(provider.organization, company)
    return company


@pytest.fixture
def three(provider, reseller, partnership, fjord):
    """Alpha is Kessler's, Beta is Fjord's, Gamma nobody's."""
    ours = provider.organization
    return {
        "Alpha": make_customer(ours, reseller.organization, company_name="Alpha", country="AT"),
        "Beta": make_customer(ours, fjord, company_name="Beta", agreement="asked"),
        "Gamma": make_customer(ours, company_name="Gamma", email="gisela@gruen.example"),
    }


def names(response):
    return [row.company_name for row in response.context["page"].rows]


@pytest.fixture
def found(browser, three):
    def find(**query):
        return names(browser.get(browser.url(LIST, **query), follow=True))

    return find


def test_by_several_resellers(found, reseller, fjord):
    kessler, fjord = encode("R", reseller.organization_id), encode("R", fjord.pk)

    assert found(reseller=kessler) == ["Alpha"]
    assert found(reseller=[kessler, fjord]) == ["Alpha", "Beta"]
    assert found(reseller=[kessler, "none"]) == ["Alpha", "Gamma"]
    assert found(reseller="any") == ["Alpha", "Beta"]


def test_by_agreement_country_and_email(found):
    assert found(agreement="asked") == ["Beta"]
    assert found(country="AT") == ["Alpha"]
    assert found(q="gruen gamma") == ["Gamma"]
    assert found(q="grün") == []  # in an address it is spelt as it is


def test_by_status(found, three, provider):
    make_customer(provider.organization, company_name="Gone", status="removed")

    assert found() == ["Alpha", "Beta", "Gamma"]
    assert found(status="removed") == ["Gone"]
    assert found(status="all") == ["Alpha", "Beta", "Gamma", "Gone"]


def test_by_support_contact_of_current_subscriptions(found, three, reseller):
    make_subscription(three["Alpha"], support_contact=reseller.organization)
    make_subscription(three["Beta"])
    make_subscription(three["Gamma"], status="cancelled", support_contact=reseller.organization)

    assert found(support="reseller") == ["Alpha"]
    assert found(support="provider") == ["Beta"]
    assert found(support="none") == ["Gamma"]


def test_by_the_day_it_was_added(found, three):
    alpha = three["Alpha"]
    alpha.created_at = now() - timedelta(days=10)
    alpha.save()
    day = localdate() - timedelta(days=10)

    assert found(added_to=day) == ["Alpha"]
    assert found(added_from=day, added_to=day) == ["Alpha"]
    assert found(added_from=day + timedelta(days=1)) == ["Beta", "Gamma"]


def test_by_tag_however_it_is_spelt(found, three):
    make_tag(three["Beta"], "Müller-Projekt")

    assert found(tag="mueller-projekt") == ["Beta"]
    assert found(tag="mueller") == []


def test_tags_of_others_find_nothing(found, provider, outsider):
    theirs = make_customer(outsider.organization)
    make_tag(theirs, "VIP")

    assert found(tag="VIP") == []


def test_tabs_with_their_numbers(browser, three, provider):
    three["Gamma"].created_by = provider.user
    three["Gamma"].save()

    response = browser.open(LIST)
    tabs = {tab["label"]: (tab["count"], tab["url"]) for tab in response.context["tabs"]}
    assert [count for count, _url in tabs.values()] == [3, 1, 1]
    assert names(browser.get(tabs["Mine"][1])) == ["Gamma"]
    assert names(browser.get(tabs["No reseller"][1])) == ["Gamma"]
    assert [tab["current"] for tab in browser.open(LIST, view="mine").context["tabs"]] == [
        False,
        True,
        False,
    ]


def test_numbers_of_tabs_stand_there_without_rows_too(browser, three):
    tabs = browser.open(LIST, q="nobody").context["tabs"]

    assert [tab["count"] for tab in tabs] == [3, 0, 1]


@pytest.mark.parametrize(
    "query, canonical",
    [
        ("?q=&sort=name&per=25&country=&after=", ""),
        ("?country=DE&q=a&utm_source=x", "?q=a&country=DE"),
        ("?reseller=none&reseller=any&reseller=none", "?reseller=any&reseller=none"),
        ("?sort=-added&q=b&q=a", "?q=a&sort=-added"),
        ("?open=C-111111&q=%C3%BC&per=50", "?q=%C3%BC&per=50&open=C-111111"),
    ],
)
def test_there_is_one_address_for_the_same_list(browser, three, query, canonical):
    path = browser.url(LIST)

    assert browser.get(path + query)["Location"] == path + canonical
    assert browser.get(path + canonical).status_code == 200


def test_an_address_too_long_to_lead_to_is_shown_as_it_is(browser, three):
    path = browser.url(LIST)
    long = "reseller=" + "x" * 2500

    assert browser.get(f"{path}?sort=name&{long}").status_code == 200
    assert browser.get(f"{path}export/?scope=selected&{long}")["Location"] == path


def test_a_region_says_the_one_address(browser, three):
    response = browser.get(browser.url(LIST) + "?country=DE&q=alpha", **HTMX)

    assert response.status_code == 200
    assert response["HX-Push-Url"] == browser.url(LIST) + "?q=alpha&country=DE"


@pytest.mark.parametrize(
    "name, value",
    [
        ("country", "XX"),
        ("status", "gone"),
        ("added_from", "yesterday"),
        ("added_to", "9999-12-31"),
        ("sort", "password"),
        ("sort", "reseller"),
        ("per", "1000"),
        ("reseller", "R-000000"),
        ("view", "theirs"),
    ],
)
def test_what_is_ignored_is_told(browser, three, name, value):
    response = browser.open(LIST, **{name: value})

    assert names(response) == ["Alpha", "Beta", "Gamma"]
    assert f"Ignored filter: {name}={value}" in response.text


def test_the_other_filters_go_on_filtering_and_keep_their_chips(browser, three):
    response = browser.open(LIST, q="beta", country="XX")

    assert names(response) == ["Beta"]
    assert '<a class="chip"' in response.text
    assert "email: beta" in response.text
    assert "Ignored filter: country=XX" in response.text


def test_hits_are_marked(browser, provider):
    make_customer(
        provider.organization,
        company_name="<b>Müller</b> & Söhne",
        domain="muller.onportal.example",
        email="info@mueller.example",
    )
    text = browser.open(LIST, q="soehne mueller").text

    assert "&lt;b&gt;<mark>Müller</mark>&lt;/b&gt; &amp; <mark>Söhne</mark></a>" in text
    assert "<mark>muller</mark>.onportal.example" in text
    assert "info@<mark>mueller</mark>.example" in text
    assert "<mark>" not in browser.open(LIST).text


def test_a_customer_id_among_other_words(found, three):
    reference = three["Alpha"].reference

    assert found(q=f"alpha {reference.lower()}") == ["Alpha"]
    assert found(q=f"beta {reference}") == []


def test_longer_pages(browser, provider):
    for number in range(60):
        make_customer(provider.organization, company_name=f"Company {number:02}")

    assert len(names(browser.open(LIST))) == 25
    response = browser.open(LIST, per="50")
    assert len(names(response)) == 50
    assert "per=50&amp;after=" in response.text
    assert '<a id="page-200" href="?per=200"' in response.text
    assert '<a id="page-25" href="?"' in response.text


def test_sorted_by_the_day_it_was_added(found, three):
    for days, name in enumerate(["Beta", "Alpha", "Gamma"]):
        three[name].created_at = now() - timedelta(days=days)
        three[name].save()

    assert found(sort="-added") == ["Beta", "Alpha", "Gamma"]


def test_resellers_filter_what_they_see(three, reseller, browser_of):
    browser = browser_of(reseller)

    response = browser.open(LIST, agreement="accepted", country="AT")

    assert names(response) == ["Alpha"]
    assert response.context["tabs"] == []


def test_a_provider_without_roles_for_it_is_offered_no_moving(three, provider, browser_of):
    seller, looker = "sales_agent", "user_admin"
    texts = [
        browser_of(make_membership(role, organization=provider.organization)).open(LIST).text
        for role in (seller, looker)
    ]
    assert ["Assign indirect reseller" in text for text in texts] == [True, False]
