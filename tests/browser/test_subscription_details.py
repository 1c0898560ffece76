"""A subscription in the hands of its provider: fewer licenses, an MPN ID, a pause, an upgrade."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from portal.links import reverse
from portal.scope import OPERATOR, acting
from subscriptions.models import Subscription
from tests.browser.staff import ANNA
from tests.factories import (
    make_customer,
    make_grant,
    make_offer,
    make_partner,
    make_partnership,
    make_subscription,
)

KESSLER, ALPINA, VOGEL = "Kessler IT-Systemhaus", "Alpina Cloud", "Vogel Optik GmbH"


@pytest.fixture
def subscription(nordwind):
    """Ten licenses bought today, which can become Enterprise."""
    with acting(OPERATOR):
        kessler = make_partner(name=KESSLER, slug="kessler", mpn_id="4847383")
        make_partnership(nordwind, kessler)
        make_partner(name=ALPINA, slug="alpina", mpn_id="4847390")  # nobody's partner yet
        customer = make_customer(nordwind, kessler, company_name=VOGEL, status="active")
        make_grant(customer)
        target = make_offer("Enterprise", "34.00")
        offer = make_offer("Business", conversions=[target.sku_id])
        ends_on = localdate() + timedelta(days=365)
        return make_subscription(customer, offer, ends_on=ends_on)


@pytest.fixture
def anna(nordwind, signed_in):
    return signed_in(ANNA)


def test_what_becomes_of_a_subscription(anna, subscription, nordwind):
    name = "subscriptions:subscription_detail"
    anna.page.goto(reverse(name, subscription.pk, organization=nordwind))
    anna.reads("Business")
    take_licenses_back(anna)
    name_the_reseller(anna)
    suspend_and_resume(anna)
    upgrade(anna)
    with acting(OPERATOR):
        now = Subscription.objects.get(pk=subscription.pk)
        assert (now.quantity, now.name, now.nickname) == (6, "Enterprise", "Sales team")
        assert (now.reseller_of_record.mpn_id, now.status) == ("4847383", "active")


def take_licenses_back(anna):
    """Back from the question returns to what was typed."""
    anna.types(quantity="4", nickname="Sales team")
    anna.presses("submit")
    anna.reads("Confirm the changes")
    anna.sees("6 licenses are taken back at once.")
    anna.presses("Back")
    anna.reads("Business")
    expect(anna.page.locator("[name=quantity]")).to_have_value("4")
    anna.types(quantity="6")
    anna.presses("submit")
    anna.sees("4 licenses are taken back at once.")
    anna.presses("Yes, change it")
    anna.reads("Sales team")
    expect(anna.page.locator("[name=quantity]")).to_have_value("6")


def name_the_reseller(anna):
    anna.types(mpn_id="4847390")
    anna.presses("Verify")
    anna.sees(ALPINA)
    facts = anna.page.locator("#mpn-facts")
    expect(facts.get_by_role("link")).to_have_text(anna.word("Request a partnership"))
    anna.types(mpn_id="4847383")
    anna.presses("Verify")
    expect(facts).to_contain_text(anna.word("Earns incentives"))
    anna.presses("submit")
    anna.reads("Confirm the changes")
    anna.presses("Yes, change it")
    anna.reads("Sales team")


def suspend_and_resume(anna):
    for status, asks in (("suspended", True), ("active", False)):
        anna.page.locator(f"[name=status][value={status}]").check()
        anna.presses("submit")
        if asks:
            anna.reads("Confirm the changes")
            anna.presses("Yes, change it")
        anna.reads("Sales team")
        expect(anna.page.locator(f"[name=status][value={status}]")).to_be_checked()


def upgrade(anna):
    anna.follows("Upgrade now")
    anna.reads("Upgrade")
    anna.page.get_by_label("Enterprise").check()
    anna.presses("Next")
    anna.reads("Upgrade to Enterprise?")
    anna.presses("Yes, upgrade")
    anna.reads("Sales team")
    anna.sees("The subscription is Enterprise now.")
