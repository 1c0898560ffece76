import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from partners.models import Partnership
from portal.accounts.roles import Role
from portal.references import encode
from tests.factories import (
    make_customer,
    make_membership,
    make_message,
    make_partner,
    make_partnership,
    make_request,
)


@pytest.fixture
def page(provider, partnership, browser_of):
    """Opens the provider's list; query parameters as keyword arguments."""
    browser = browser_of(provider)
    return lambda **query: browser.open("partners:reseller_list", **query)


def test_a_row_says_who_where_and_whether_business_is_possible(page, partnership):
    make_customer(partnership.provider, partnership.reseller)
    make_customer(partnership.provider)

    text = page().text

    assert "Kessler IT-Systemhaus" in text
    assert partnership.location.mpn_id in text
    assert '<abbr title="Germany">DE</abbr>' in text
    assert 'data-status="active"' in text
    assert f'reseller={partnership.reference}">1<' in text


def test_the_row_actions_are_called_as_in_the_manual(page, partnership):
    text = page().text

    for label in ("View customers", "Add new customer", "Remove partnership"):
        assert label in text
    assert f"reseller={partnership.reference}" in text


def test_an_unsigned_agreement_is_said(page, provider):
    unsigned = make_partner(signed=False, name="Brightwater Managed IT")
    make_partnership(provider.organization, unsigned)

    assert page().text.count('data-status="agreement_missing"') == 1


def test_the_customers_of_others_are_not_counted(page, partnership, outsider):
    make_partnership(outsider.organization, partnership.reseller)
    make_customer(outsider.organization, partnership.reseller)

    assert f'reseller={partnership.reference}">0<' in page().text


def test_removed_partnerships_and_those_of_others_are_not_listed(page, provider, outsider):
    gone = make_partner(name="Gone Systems")
    make_partnership(
        provider.organization,
        gone,
        status=Partnership.Status.REMOVED,
        removed_at=now(),
        statement_version="2026-01",
    )
    make_partnership(outsider.organization, make_partner(name="Theirs GmbH"))

    active = page().text
    assert "Gone Systems" not in active
    assert "Theirs GmbH" not in active
    assert "Gone Systems" in page(view="ended").text


@pytest.mark.parametrize("typed", ["kessler", "KESSLER it", "systemhäus"])
def test_search_by_name(page, provider, typed):
    make_partnership(provider.organization, make_partner(name="Alpina Cloud"))

    text = page(q=typed).text

    assert "Kessler" in text
    assert "Alpina" not in text


def test_search_by_mpn_id(page, provider):
    found = make_partnership(provider.organization, make_partner(name="Alpina", mpn_id="0077123"))

    text = page(q="00771").text

    assert found.reference in text
    assert "Kessler" not in text


def test_filter_by_location_and_agreement(page, provider):
    danish = make_partner(name="Fjord Digital", country="DK", signed=False)
    make_partnership(provider.organization, danish)

    assert "Kessler" not in page(location="DK").text
    assert "Fjord" in page(location="DK").text
    assert "Fjord" not in page(agreement="signed").text
    assert "Kessler" not in page(agreement="missing").text


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\x00b"},
        {"q": "'; drop table partners_partnership; --"},
        {"q": "<script>alert(1)</script>"},
        {"q": "x" * 500},
        {"location": "XX"},
        {"agreement": "perhaps"},
        {"sort": "password"},
        {"after": "N-000000"},
        {"after": "nonsense"},
        {"view": "nonsense"},
    ],
)
def test_odd_addresses_are_answered_calmly(page, query):
    response = page(**query)

    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("sort", ["reseller", "-reseller", "mpn_id", "-location"])
def test_pages_never_overlap(page, provider, sort):
    for number in range(30):
        make_partnership(provider.organization, make_partner(name=f"Partner {number:02}"))

    first = page(sort=sort)
    second = page(sort=sort, after=first.context["page"].next_url.rpartition("after=")[2])

    seen = [row.pk for response in (first, second) for row in response.context["page"].rows]
    assert len(seen) == len(set(seen)) == 31


@pytest.mark.parametrize("view", ["", "pending", "ended"])
def test_queries_do_not_grow_with_the_rows(page, provider, reseller, view):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(view=view)
        sql = [query["sql"] for query in captured]
        return [text for text in sql if "SAVEPOINT" not in text and "set_config" not in text]

    def grow(by):
        for number in range(by):
            partner = make_partner(name=f"Partner {number}")
            make_partnership(provider.organization, partner)
            make_customer(provider.organization, partner)
            request = make_request(provider.organization)
            make_message(provider.organization, key=request.delivery_key)

    grow(1)
    before = queries()
    grow(10)

    assert len(before) <= 6
    assert len(queries()) == len(before)


def test_htmx_gets_the_table_alone(provider, partnership, browser_of):
    browser = browser_of(provider)

    text = browser.get(browser.url("partners:reseller_list"), headers={"HX-Request": "true"}).text

    assert "Kessler" in text
    assert "<html" not in text


def test_nobody_yet(provider, browser_of):
    text = browser_of(provider).open("partners:reseller_list").text

    assert "No indirect resellers yet" in text
    assert "Request a partnership" in text


def test_user_admins_are_not_offered_the_removal(provider, partnership, browser_of):
    colleague = make_membership(Role.USER_ADMIN, organization=provider.organization)

    text = browser_of(colleague).open("partners:reseller_list").text

    assert "Add new customer" in text
    assert "Remove partnership" not in text


def test_pending_requests_show_their_state_and_mail(page, provider):
    expired = make_request(provider.organization, recipient="late@harz.example", expires_at=now())
    failed = make_request(provider.organization, recipient="partner@weser.example")
    message = make_message(
        provider.organization, key=failed.delivery_key, last_error="550 no such mailbox"
    )

    text = page(view="pending").text

    assert expired.reference in text
    assert 'data-status="expired"' in text
    assert "partner@weser.example" in text
    assert "550 no such mailbox" in text
    assert f"/settings/deliveries/{message.pk}/retry/" in text


def test_answered_requests_are_not_pending(page, provider):
    make_request(provider.organization, recipient="no@thanks.example", status="declined")

    assert "no@thanks.example" not in page(view="pending").text


def test_in_german(provider, partnership, browser_of):
    browser = browser_of(provider)
    provider.user.language = "de"
    provider.user.save()

    response = browser.get(browser.url("partners:reseller_list"), headers={"accept-language": "de"})

    assert response.status_code == 200
    assert 'lang="de"' in response.text


def test_references_are_the_resellers(partnership):
    assert partnership.reference == encode("R", partnership.reseller_id)
