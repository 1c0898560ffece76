import pytest

from portal.accounts.roles import Role
from tests.factories import make_customer, make_membership, make_partner, make_partnership


def test_providers_with_what_is_shared(partnership, reseller, browser_of):
    make_customer(partnership.provider, partnership.reseller)
    make_customer(partnership.provider)

    text = browser_of(reseller).open("partners:provider_list").text

    assert "Nordwind Distribution" in text
    assert 'class="num">1</td>' in text
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
