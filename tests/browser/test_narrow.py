"""On a narrow telephone, in German: nothing is wider than the screen, no word is cut in two."""

import re
from functools import partial

import pytest

from portal.accounts.roles import Kind
from portal.links import reverse
from portal.scope import OPERATOR, acting
from subscriptions.models import Offer
from tests.factories import (
    make_assignment,
    make_customer,
    make_grant,
    make_membership,
    make_message,
    make_partner,
    make_partnership,
    make_person,
    make_request,
    make_subscription,
    make_user,
)

PASSWORD = "correct horse battery"
TOO_WIDE = """() => [...document.querySelectorAll('h1, h2, h3, main')]
    .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim().slice(0, 60))"""
# Words that stand on two lines, with or without a hyphen.
CUT = r"""() => {
  const found = [], range = document.createRange();
  for (const element of document.querySelectorAll('main :is(h1, h2, h3, td, th)'))
    for (const node of element.childNodes) if (node.nodeType === 3)
      for (const word of node.data.matchAll(/\p{L}{4,}/gu)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const lines = [...range.getClientRects()].filter(line => line.width > 0);
        if (lines.length > 1) found.push(word[0]);
      }
  return found;
}"""


@pytest.fixture
def people(portal):
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER, name="Nordwind Distribution", slug="nordwind")
        reseller = make_partner(name="Kessler IT-Systemhaus GmbH")
        staff = make_membership(organization=provider, user=german("anna@nordwind.test"))
        make_partnership(provider, reseller)
        make_message(provider, last_error="[Errno 111] Connection refused")
        request = make_request(provider, created_by=staff.user)
        ended = make_partner(name="Donaudampfschifffahrtsgesellschaft Systemhaus GmbH")
        make_partnership(provider, ended)
    return provider, reseller, request, ended


@pytest.fixture
def subscription(people):
    """Of a customer that lets its partners administer, with one license in use."""
    provider, reseller, *_others = people
    with acting(OPERATOR):
        customer = make_customer(provider, reseller, company_name="Vogel Optik", status="active")
        make_grant(customer)
        vera = german("vera@vogel.test")
        make_membership(organization=customer.organization, user=vera)
        subscription = make_subscription(customer, Offer.objects.first(), support_contact=reseller)
        make_assignment(subscription, make_person(customer.organization))
    return subscription


def german(email):
    user = make_user(email, PASSWORD)
    user.language = "de"
    user.save()
    return user


@pytest.fixture
def narrow(visitor):
    """Signs in by name on a telephone; returns what looks at pages of an organization."""

    def sign_in(login, organization):
        page = visitor("de")
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(login)
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/o/"))
        return partial(looks, page, organization)

    return sign_in


def looks(page, organization, name, *args):
    page.goto(reverse(name, *args, organization=organization))
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.evaluate(TOO_WIDE) == [], name
    cut = [word for word in page.evaluate(CUT) if not word.startswith("Donaudampf")]
    assert cut == [], name


def test_german_pages_at_390_pixels(narrow, people):
    provider, reseller, request, long_name = people
    looks = narrow("anna@nordwind.test", provider)
    looks("outbox:message_list")
    looks("partners:reseller_detail", reseller.pk)
    looks("partners:reseller_detail", long_name.pk)
    looks("subscriptions:partnership_remove", long_name.pk)
    looks("partners:reseller_list")
    looks("partners:request_detail", request.pk)
    looks("partners:request_withdraw", request.pk)
    looks("partners:batch_create")
    looks("partners:profile_detail")


def test_what_providers_sell_at_390_pixels(narrow, people, subscription):
    looks, customer = narrow("anna@nordwind.test", people[0]), subscription.customer_id
    looks("customers:customer_list")
    looks("customers:customer_account", customer)
    looks("subscriptions:user_list", customer)
    looks("subscriptions:customer_subscriptions", customer)
    looks("subscriptions:subscription_list")
    looks("subscriptions:subscription_detail", subscription.pk)
    looks("subscriptions:subscription_calendar")
    looks("subscriptions:order_list")
    looks("subscriptions:order_request_list")
    looks("subscriptions:price_list")
    looks("subscriptions:incentives")


def test_a_customers_own_pages_at_390_pixels(narrow, subscription):
    looks = narrow("vera@vogel.test", subscription.customer.organization)
    looks("subscriptions:home")
    looks("subscriptions:subscription_list")
    looks("subscriptions:subscription_detail", subscription.pk)
    looks("subscriptions:support")
    looks("subscriptions:own_user_list")
    looks("customers:partner_list")
    looks("customers:owner_list")
    looks("subscriptions:license_request_create", subscription.pk)
