"""A provider's list of indirect resellers, and the end of a partnership that begins there."""

import re

import pytest
from playwright.sync_api import expect

from partners.models import Partnership
from partners.services import remove_partnership
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions.models import Offer
from tests.browser.enrolling import KESSLER
from tests.browser.staff import ANNA, PROVIDER
from tests.factories import (
    make_customer,
    make_partner,
    make_partnership,
    make_request,
    make_subscription,
)

ISAR, VOGEL, ALBRECHT = "Isar Cloudworks", "Vogel Optik", "Albrecht Maschinenbau"


@pytest.fixture
def anna(nordwind, signed_in):
    return signed_in(ANNA)


def test_the_list_and_its_address(anna, nordwind):
    with acting(OPERATOR):
        make_customer(nordwind, settle(nordwind, KESSLER))
        settle(nordwind, ISAR)
        settle(nordwind, "Brightwater", signed=False)
        make_request(nordwind, recipient="info@alpina.test")
        settle(nordwind, "Harzblick Computer")
        ended = Partnership.objects.get(reseller__name="Harzblick Computer")
        staff = nordwind.memberships.get()
        remove_partnership(ended, actor=staff, statement_version="2026-01")
    anna.follows("Indirect resellers")
    anna.filters("status", "Agreement missing")
    expect(anna.page.locator("tbody tr")).to_have_count(1)
    expect(anna.page).to_have_url(re.compile("status=missing"))
    anna.follows("Brightwater")
    anna.reads("Brightwater")
    anna.page.go_back()
    expect(anna.page).to_have_url(re.compile("status=missing"))
    expect(anna.page.locator("tbody tr")).to_have_count(1)
    expect(anna.page.locator("select[name=status]")).to_have_value("missing")
    anna.views("Pending requests")
    expect(anna.page).to_have_url(re.compile("view=pending"))
    expect(anna.row("info@alpina.test")).to_be_visible()
    anna.views("Ended")
    expect(anna.row("Harzblick Computer")).to_be_visible()
    anna.views("Active")
    anna.filters("customers", "Without customers")
    expect(anna.page.locator("tbody tr")).to_have_count(2)
    anna.presses("Export indirect resellers")
    anna.presses("Selected", within=anna.page.locator("#export-menu"))
    anna.sees("Select at least one reseller")
    expect(anna.page).to_have_url(re.compile("customers=none"))
    anna.row(ISAR).get_by_role("checkbox").check()
    with anna.downloads() as text:
        anna.presses("Export selected")
    assert [line.split(",")[0].split(";")[0] for line in text[0].splitlines()[1:]] == [ISAR]


def settle(provider, name, **fields):
    """A reseller that is partner of ``provider``."""
    reseller = make_partner(name=name, slug=name.partition(" ")[0].lower(), **fields)
    make_partnership(provider, reseller)
    return reseller


def test_the_end_of_a_partnership_and_the_way_back(anna, portal, nordwind):
    with acting(OPERATOR):
        kessler = settle(nordwind, KESSLER)
        settle(nordwind, ISAR)
        for name in (VOGEL, ALBRECHT):
            customer = make_customer(nordwind, kessler, company_name=name, status="active")
            make_subscription(customer, Offer.objects.first(), support_contact=kessler)
    decide_about_the_customers(anna)
    end_it(anna)
    look_at_the_drafts(anna)
    anna.presses("Undo")
    anna.reads(KESSLER)
    anna.sees("everything is as it was")
    anna.follows("customers")
    for name in (VOGEL, ALBRECHT):
        expect(anna.row(name)).to_contain_text(KESSLER)
    with acting(OPERATOR):
        assert Partnership.objects.get(reseller__name=KESSLER).status == Partnership.Status.ACTIVE


def decide_about_the_customers(anna):
    anna.follows("Indirect resellers")
    row = anna.row(KESSLER)
    row.locator("button[popovertarget]").click()
    anna.follows("Remove partnership", within=row)
    if anna.javascript:  # a dialog: the short form of the page
        anna.sees("2 customers stay")
        anna.inspects("dialog")
        anna.follows("See them all")
    anna.reads(KESSLER)
    anna.sees("2 customers stay")
    anna.page.get_by_text(anna.word("Show which")).first.click()
    anna.sees(VOGEL, ALBRECHT)
    anna.follows("Decide about customers")
    anna.chooses("choice", ISAR)
    anna.presses("Apply to all 2 customers")
    anna.sees("Nothing has happened")
    anna.chooses("choice", "Take to direct")
    anna.row(ALBRECHT).get_by_role("checkbox").check()
    anna.presses("Apply to the ticked ones")
    expect(anna.row(VOGEL)).to_contain_text(ISAR)
    expect(anna.row(ALBRECHT)).to_contain_text(anna.word("No indirect reseller"))
    anna.inspects("choices")
    anna.follows("Continue to Remove partnership")


def end_it(anna):
    anna.sees("1 customer is handed over to", "1 customer is taken to direct")
    anna.presses("Yes, remove partnership")
    anna.sees("There is a problem", "Confirm the statement")
    anna.ticks("withdraw")
    anna.ticks("confirmed")
    anna.types(reason="They retire.")
    anna.presses("Yes, remove partnership")
    anna.reads("Indirect resellers")
    expect(anna.page.locator("tbody tr", has_text=KESSLER)).to_have_count(0)
    anna.follows("What was done")
    anna.reads("Partnership with")
    anna.sees("1 customer was handed over to", "They retire.")


def look_at_the_drafts(anna):
    """They are offered, and none is sent."""
    for name in ("Draft a message to the reseller", "Draft a message to customers"):
        anna.follows(name)
        anna.reads("Message to")
        anna.sees("The portal sends nothing")
        expect(anna.page.locator("#text")).to_have_value(re.compile(PROVIDER))
        anna.page.go_back()
    with acting(OPERATOR):
        assert not OutboxMessage.objects.exists()
