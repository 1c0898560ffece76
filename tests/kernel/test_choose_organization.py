"""The front door of somebody with several places: their roles, and what waits in each."""

import pytest

from portal.accounts.roles import Kind, Role
from tests.factories import (
    make_customer,
    make_membership,
    make_message,
    make_order,
    make_partner,
    make_user,
)


@pytest.fixture
def places(provider):
    """One person's places: a provider, a reseller, a customer, and one without a role."""
    user = provider.user
    make_membership(Role.ADMIN_AGENT, organization=make_partner(signed=False), user=user)
    make_membership(organization=make_partner(Kind.CUSTOMER), user=user)
    without = make_partner(Kind.PROVIDER, name="Without")
    none = make_membership(Role.SALES_AGENT, organization=without, user=user)
    none.roles = []
    none.save()
    make_message(none.organization)
    make_order(make_customer(provider.organization), status="failed")
    return provider


def test_roles_and_what_waits_are_shown_for_each(browser_of, places):
    page = browser_of(places).get("/o/")

    waiting = {place.organization.kind: number for place, _url, number in page.context["places"]}
    numbers = {str(place.organization): n for place, _url, n in page.context["places"]}
    assert numbers["Nordwind Distribution"] > 0 and waiting["reseller"] > 0
    assert numbers["Without"] == 0 and waiting["customer"] == 0
    assert "Admin agent" in page.text and "No role yet" in page.text


def test_what_waits_is_what_home_says(browser_of, places):
    browser = browser_of(places)

    for place, url, number in browser.get("/o/").context["places"]:
        if place.roles:
            assert len(browser.get(url).context["attention"]) == number


def test_it_costs_no_more_for_those_with_many_places(
    browser_of, provider, django_assert_max_num_queries
):
    for _ in range(15):
        make_membership(Role.SALES_AGENT, organization=make_partner(), user=provider.user)

    with django_assert_max_num_queries(80):
        page = browser_of(provider).get("/o/")

    assert len(page.context["places"]) == 16


def test_the_front_door_leads_those_with_several_there(browser_of, places):
    assert browser_of(places).get("/").headers["Location"] == "/o/"


def test_who_belongs_nowhere_is_told_what_to_do(client, db):
    client.force_login(make_user(), backend="portal.accounts.backends.AccountBackend")

    assert client.get("/").headers["Location"] == "/o/"
    assert "enrol" in client.get("/o/").text
