"""What the end of a partnership counts is what the lists behind the numbers show, on both sides."""

import pytest

from customers.models import DelegatedAdmin
from partners.services import Consequences
from tests.factories import (
    make_customer,
    make_offer,
    make_partner,
    make_partnership,
    make_subscription,
)

KINDS = ("customers", "grants", "of_record", "supported")


@pytest.fixture
def mixed(provider, reseller, partnership, outsider):
    """Two customers here, one of them without admin privileges, and one of another provider."""
    other = make_partnership(outsider.organization, reseller.organization)
    location = partnership.location
    ours, quiet = (
        make_customer(provider.organization, reseller.organization) for _number in range(2)
    )
    quiet.delegated_admins.update(status="revoked")
    theirs = make_customer(outsider.organization, reseller.organization)
    for customer in (ours, theirs):
        make_subscription(customer, make_offer(), reseller_of_record=location)
        make_subscription(customer, make_offer(), support_contact=reseller.organization)
        make_subscription(customer, make_offer())
    make_subscription(quiet, make_offer(), reseller_of_record=location, status="cancelled")
    return partnership, other


@pytest.fixture
def handed_over(provider, reseller, partnership):
    """A customer of another reseller where the one before kept its admin privileges."""
    other = make_partner()
    make_partnership(provider.organization, other)
    customer = make_customer(provider.organization, reseller.organization)
    customer.reseller = other
    customer.save()
    assert DelegatedAdmin.objects.filter(customer=customer, partner=reseller.organization).exists()
    return customer


@pytest.mark.parametrize("side", ["provider", "reseller"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_number_leads_to_its_rows(request, browser_of, mixed, handed_over, side, kind):
    membership = request.getfixturevalue(side)
    for partnership in mixed if side == "reseller" else mixed[:1]:
        stays = getattr(Consequences(partnership, membership), kind)

        page = browser_of(membership).get(stays.url).context["page"]

        assert stays.count == page.count > 0
        assert {row.words for row in stays.first} == set(map(name_of, page.rows))


def name_of(row):
    """A customer, a subscription, or a grant, which is told by its customer."""
    if isinstance(row, DelegatedAdmin):
        return row.organization.name
    return getattr(row, "company_name", None) or row.name


def test_the_filters_are_offered_to_resellers(browser_of, reseller, mixed):
    page = browser_of(reseller).open("subscriptions:subscription_list").text

    for words in ("All providers", "Nordwind Distribution", "Südstern Cloud", "The provider"):
        assert words in page


def test_a_reseller_filters_by_admin_privileges(browser_of, reseller, mixed):
    browser = browser_of(reseller)
    found = {
        answer: browser.open("customers:customer_list", admin=answer).context["page"].count
        for answer in ("granted", "none", "")
    }
    assert found == {"granted": 2, "none": 1, "": 3}
