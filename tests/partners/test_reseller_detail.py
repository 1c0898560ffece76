"""The reseller's page: how far it is involved, in numbers that lead to their rows."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from partners import services
from portal.accounts.roles import Role
from tests.factories import (
    make_customer,
    make_membership,
    make_partner,
    make_partnership,
    make_subscription,
    make_tenant_owner,
)

NAME = "partners:reseller_detail"


@pytest.fixture
def page(provider, partnership, browser_of):
    return lambda by=provider: browser_of(by).open(NAME, partnership.reseller_id)


@pytest.fixture
def busy(provider, partnership):
    """Every mixture of who looks after a customer, is of record, and supports it."""
    us, reseller = partnership.provider, partnership.reseller
    other = make_partnership(us, make_partner(name="Alpina"))
    mine, also_mine = make_customer(us, reseller), make_customer(us, reseller)
    make_customer(us, reseller, status="removed")
    mine.delegated_admins.update(status="revoked")
    make_tenant_owner(also_mine)
    make_tenant_owner(mine, status="revoked")
    theirs, nobodys = make_customer(us, other.reseller), make_customer(us)
    for customer in (mine, also_mine, theirs, nobodys):
        for location in (None, partnership.location, other.location):
            for support in (None, reseller, other.reseller):
                made = {"reseller_of_record": location, "support_contact": support}
                make_subscription(customer, **made)
                make_subscription(customer, status="suspended", **made)
                make_subscription(customer, status="cancelled", **made)


def numbers(text):
    """(number, address) of every link in the table of involvement that starts with a number."""
    table = text[text.index("To accomplish this") : text.index("</table>")]
    links = re.findall(r'<a href="([^"]*)">([^<]*?)(\d+)([^<]*)</a>', table)
    return [(int(number), unescape(url)) for url, _before, number, _after in links]


def test_the_headings_are_the_manuals(page):
    text = unescape(page().text)

    for words in (
        "To accomplish this",
        "Do this",
        "Where",
        "Now",
        "Enable the reseller to manage a customer's account and have administrator permissions to "
        "manage their subscriptions",
        "Enable the reseller to manage an Azure customer's account",
        "Give the reseller credit for incentives",
        "Delegate customer support for specific subscriptions to the reseller",
        "Associate a reseller to a customer account when adding a new customer",
        "Associate the reseller to the subscription (new or existing)",
        "Select the reseller from the Designated support contact list",
        "On the New customer page",
        "On the New subscription page",
    ):
        assert words in text, words


def test_every_number_is_that_of_the_rows_it_leads_to(page, busy, provider, browser_of):
    found = numbers(page().text)

    assert [number for number, _url in found] == [2, 1, 36, 1, 24, 12, 24, 12]
    for number, url in found:
        assert browser_of(provider).get(url).context["page"].count == number, url


def test_the_numbers_are_right_after_the_end_too(page, busy, partnership, provider, browser_of):
    before = numbers(page().text)
    services.remove_partnership(partnership, actor=provider, statement_version="2026-01")

    found = numbers(page().text)

    assert found == before
    for number, url in found:
        assert browser_of(provider).get(url).context["page"].count == number, url


def test_nothing_is_shown_without_when_nothing_is_missing(page, partnership):
    customer = make_customer(partnership.provider, partnership.reseller)
    make_subscription(
        customer, reseller_of_record=partnership.location, support_contact=partnership.reseller
    )

    assert "Show the" not in page().text


def test_the_filters_of_the_links_are_named_on_the_list(page, busy, browser_of, provider):
    for _number, url in numbers(page().text):
        form = browser_of(provider).get(url).context["filters"]
        assert form.is_valid(), form.errors
        query = parse_qs(urlsplit(url).query)
        for name, values in query.items():
            assert form[name].value() in (values, values[0])


def test_the_figures_of_others_are_not_mixed_in(page, outsider, partnership):
    make_partnership(outsider.organization, partnership.reseller)
    make_subscription(
        make_customer(outsider.organization, partnership.reseller),
        reseller_of_record=partnership.location,
        support_contact=partnership.reseller,
    )

    assert set(page().context["numbers"].values()) == {0}


def test_only_partners_have_a_page(provider, outsider, partnership, stranger, browser_of):
    assert browser_of(outsider).open(NAME, partnership.reseller_id).status_code == 404
    assert browser_of(provider).open(NAME, stranger.organization_id).status_code == 404


def test_a_reference_of_another_kind_is_no_address(provider, browser_of):
    url = browser_of(provider).url("partners:reseller_list")

    for reference in ("C-7K3QX2", "R-000001", "R-", "nonsense"):
        assert browser_of(provider).get(f"{url}{reference}/").status_code == 404


def test_nothing_in_the_way_says_nothing(page):
    response = page()

    assert response.context["obstacles"] == []
    assert "note--warn" not in response.text


def test_a_missing_agreement_is_said_with_who_must_sign_and_a_reminder(page, partnership):
    profile = partnership.reseller.partner
    profile.agreement_signed_at, profile.email = None, "info@kessler.example"
    profile.save()

    response = page()

    assert "The partner agreement is not signed." in response.text
    assert "A global admin of Kessler IT-Systemhaus must accept it" in response.text
    (obstacle,) = response.context["obstacles"]
    assert obstacle.mailto.startswith("mailto:info@kessler.example?subject=Please%20sign")
    assert "settings%2Fagreements" in obstacle.mailto
    assert "Draft a reminder" in response.text


def test_without_an_address_there_is_no_reminder_to_draft(page, partnership):
    profile = partnership.reseller.partner
    profile.agreement_signed_at = None
    profile.save()

    assert "Draft a reminder" not in page().text


def test_each_obstacle_has_its_own_words(page, partnership):
    partnership.location.type, partnership.location.country = "global", "US"
    partnership.location.save()

    text = page().text

    assert "There is no MPN ID of a Partner Location Account." in text
    assert "The reseller is in another sales region." in text
    assert "United States and Germany belong to different sales regions" in text


def test_a_company_that_never_enrolled(page, partnership):
    partnership.reseller.partner.delete()

    text = page().text

    assert "The company is not enrolled as an indirect reseller." in text
    assert "The partner agreement is not signed." in text


def test_an_ended_partnership_can_be_looked_at_but_not_acted_on(page, partnership, provider):
    services.remove_partnership(
        partnership, actor=provider, statement_version="2026-01", reason="Merged"
    )

    text = page().text

    assert "This partnership has ended." in text
    assert f"{provider.user} removed it." in text
    assert "Merged" in text
    assert "Request again" in text
    assert f'name="reseller" value="{partnership.reference}"' in text
    for words in ("Add new customer<", "Invite new customers", "Remove partnership"):
        assert words not in text


def test_why_the_reseller_left_is_its_own_business(page, partnership, reseller):
    services.remove_partnership(
        partnership, actor=reseller, statement_version="2026-01", reason="Too slow"
    )

    text = page().text

    assert "The reseller ended it." in text
    assert "Too slow" not in text


def test_what_happened_between_the_two(page, partnership, provider, outsider):
    other = make_partnership(outsider.organization, partnership.reseller)
    services.remove_partnership(other, actor=outsider, statement_version="2026-01")
    assert page().context["history"] == []

    services.remove_partnership(partnership, actor=provider, statement_version="2026-01")
    make_partnership(partnership.provider, partnership.reseller)

    response = page()
    (event,) = response.context["history"]  # of the one before, on the page of the new one
    assert event["title"] == f"{provider.user} removed the partnership"
    assert event["title"] in response.text


def test_user_admins_are_offered_what_they_may_do(page, provider):
    colleague = make_membership(Role.USER_ADMIN, organization=provider.organization)

    text = page(colleague).text

    assert "Add new customer" in text
    assert "Remove partnership" not in text and "Invite new customers" not in text
