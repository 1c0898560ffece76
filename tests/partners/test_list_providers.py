from datetime import timedelta

import pytest
from django.utils.timezone import now

from partners.services import remove_partnership
from portal.accounts.roles import Kind, Role
from tests.factories import make_customer, make_membership, make_partner, make_partnership


def test_providers_with_what_is_shared(partnership, reseller, browser_of):
    make_customer(partnership.provider, partnership.reseller)
    make_customer(partnership.provider)

    text = browser_of(reseller).open("partners:provider_list").text

    assert "Nordwind Distribution" in text
    assert ">1<span" in text
    assert "View customers" in text


@pytest.mark.parametrize("role", [Role.USER_ADMIN, Role.ADMIN_AGENT])
def test_all_roles_of_a_reseller_see_it(partnership, role, browser_of):
    colleague = make_membership(role, organization=partnership.reseller)

    assert "Nordwind" in browser_of(colleague).open("partners:provider_list").text


def test_providers_of_other_resellers_are_not_listed(partnership, stranger, browser_of):
    assert "Nordwind" not in browser_of(stranger).open("partners:provider_list").text


def test_search(partnership, reseller, outsider, browser_of):
    make_partnership(outsider.organization, reseller.organization)

    text = browser_of(reseller).open("partners:provider_list", q="nordwind").text

    assert "Nordwind" in text
    assert "Südstern Cloud</th>" not in text


def test_an_unsigned_agreement_is_said(browser_of, db):
    unsigned = make_membership(organization=make_partner(signed=False))

    text = browser_of(unsigned).open("partners:provider_list").text

    assert "The partner agreement is not signed." in text
    assert "/settings/agreements/" in text


def test_what_may_be_done_is_in_the_row(partnership, reseller, browser_of):
    profile = partnership.provider.partner

    def text():
        return browser_of(reseller).open("partners:provider_list").text

    assert "You may change subscriptions" in text()
    profile.resellers_manage_subscriptions = False
    profile.save()
    assert "You may look at subscriptions" in text()
    assert 'data-status="signed"' in text()


def test_the_actions_lead_on(partnership, reseller, browser_of):
    text = browser_of(reseller).open("partners:provider_list").text

    reference = partnership.provider_reference
    assert f"/customers/?provider={reference}" in text
    assert f"/customers/invite/?provider={reference}" in text
    assert f"/indirect-providers/{reference}/end/" in text


def test_who_may_not_act_sees_no_action(partnership, reseller, browser_of):
    colleague = make_membership(Role.USER_ADMIN, organization=reseller.organization)

    text = browser_of(colleague).open("partners:provider_list").text

    assert "View customers" in text
    assert "Invite new customers" not in text
    assert "End partnership" not in text


def test_ended_ones_are_apart(partnership, reseller, provider, outsider, browser_of):
    other = make_partnership(outsider.organization, reseller.organization)
    remove_partnership(partnership, actor=provider, statement_version="1")
    remove_partnership(other, actor=reseller, statement_version="1")
    browser = browser_of(reseller)

    assert browser.open("partners:provider_list").context["page"].count == 0
    page = browser.open("partners:provider_list", view="ended")
    assert page.context["page"].count == 2
    assert f"/indirect-providers/{partnership.provider_reference}/ended/" in page.text
    assert 'data-label="Ended by">Your company<' in page.text
    assert 'data-label="Ended by">Nordwind Distribution<' in page.text


def test_found_whatever_the_spelling(reseller, outsider, browser_of):
    make_partnership(outsider.organization, reseller.organization)

    for typed, found in (("suedstern", 1), ("SÜDSTERN cloud", 1), ("nordstern", 0)):
        page = browser_of(reseller).open("partners:provider_list", q=typed).context["page"]
        assert page.count == found


@pytest.mark.parametrize("view", ["", "ended"])
@pytest.mark.parametrize("sort", ["provider", "-provider", "since", "-since"])
def test_sorted_and_paged(reseller, browser_of, view, sort):
    for number in range(27):
        company = make_partner(Kind.PROVIDER, name=f"Provider {number:02}")
        ended = {"status": "removed", "removed_at": now(), "statement_version": "1"}
        started = now() - timedelta(days=number)
        make_partnership(
            company, reseller.organization, started_at=started, **(ended if view else {})
        )
    browser = browser_of(reseller)

    first = browser.open("partners:provider_list", view=view, sort=sort).context["page"]
    rest = browser.get(browser.url("partners:provider_list") + first.next_url).context["page"]

    names = [row.provider.name for row in (*first.rows, *rest.rows)]
    assert names == sorted(names, reverse=sort in {"-provider", "since"})
    assert len(names) == 27


def test_how_to_answer_a_request_is_said(reseller, browser_of):
    text = browser_of(reseller).open("partners:provider_list").text

    assert "A global admin of your company answers it." in text
