"""A customer's partners, as its admin takes them in and takes their privileges back.

Once in English with JavaScript, once in German without.
"""

import pytest
from playwright.sync_api import expect

from customers import wording
from customers.models import Customer
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.scope import OPERATOR, acting
from tests.browser.enrolling import KESSLER
from tests.browser.staff import ANNA, PROVIDER, employ
from tests.factories import make_partner, make_partnership, make_relationship_request

VERA, CUSTOMER = "vera@vogel.test", "Vogel Optik"


@pytest.fixture
def link(nordwind, way):
    """The link by which both partners ask Vogel for a relationship, and each for admin rights."""
    employ(VERA, CUSTOMER, way.language, kind=Kind.CUSTOMER, first_name="Vera", last_name="Vogel")
    with acting(OPERATOR):
        Organization.objects.filter(name=CUSTOMER).update(domain="vogel.onportal.example")
        partnership = make_partnership(nordwind, make_partner(name=KESSLER, slug="kessler"))
        anna = nordwind.memberships.get().user
        asked = make_relationship_request(partnership, created_by=anna, wants_delegated_admin=True)
        return wording.relationship_url(asked)


def test_from_the_request_to_the_end_of_the_privileges(link, somebody, signed_in):
    vera = somebody()
    sign_in_to_answer(vera, link)
    accept(vera)
    anna = signed_in(ANNA)
    look_at_the_users(anna)
    anna.sees("No users yet")
    remove_the_privileges(vera)
    look_at_the_users(anna)
    anna.sees("You can't see the users of this customer")


def sign_in_to_answer(vera, link):
    vera.page.goto(link)
    vera.reads("Relationship request")
    vera.sees(PROVIDER, KESSLER)
    vera.follows("Sign in to answer")
    vera.identifies(VERA)


def accept(vera):
    """Relationship, agreement and the rights of each partner have ticks of their own."""
    vera.reads("Relationship request")
    vera.inspects("the answer to a relationship request")
    expect(vera.page.locator("main [type=checkbox]:checked")).to_have_count(0)
    vera.types(address_line_1="Jungfernstieg 1", postal_code="20354", city="Hamburg")
    vera.ticks("admin_provider")
    vera.presses("Accept")
    vera.sees("Tick the box to accept the relationship")
    vera.sees("Tick the box to accept the customer agreement")
    with acting(OPERATOR):
        assert not Customer.objects.exists()
    vera.ticks("relationship")
    vera.ticks("agreement")
    vera.presses("Accept")
    vera.reads("Partner relationships")
    vera.sees("You accepted the request of")
    expect(vera.row(PROVIDER)).to_contain_text(vera.word("Delegated admin privileges"))
    expect(vera.row(KESSLER)).to_contain_text(vera.word("None"))


def remove_the_privileges(vera):
    vera.follows("Remove delegated admin", within=vera.row(PROVIDER))
    vera.sees("What stays as it is:")
    vera.presses("Remove")
    vera.reads("Partner relationships")
    vera.sees("The relationship itself goes on.")
    expect(vera.row(PROVIDER)).to_contain_text(vera.word("None"))


def look_at_the_users(anna):
    anna.follows("Customers")
    anna.follows(CUSTOMER)
    anna.follows("Users and licenses")
    anna.reads(CUSTOMER)
