"""Partnerships as a reseller's people walk through them: the invitation, enrolment and the end."""

import re

import pytest
from playwright.sync_api import expect

from partners import wording
from partners.models import PartnershipRequest
from portal.accounts.models import Organization
from portal.accounts.roles import Kind, Role
from portal.scope import OPERATOR, acting
from tests.browser.enrolling import (
    KESSLER,
    MAREN,
    describe_the_company,
    finish,
    name_yourself,
    prove_the_address,
)
from tests.browser.person import mails_to
from tests.browser.staff import ANNA, PROVIDER, approve, employ
from tests.factories import make_customer, make_partner, make_partnership, make_request

JONAS = "jonas@kessler.test"
REASON = "We work with another provider already."


@pytest.fixture
def link(nordwind):
    """The personal link of a request that Anna sent to Maren."""
    with acting(OPERATOR):
        anna = nordwind.memberships.get().user
        return wording.invitation_url(make_request(nordwind, created_by=anna, recipient=MAREN))


def the_request():
    with acting(OPERATOR):
        return PartnershipRequest.objects.get()


def test_from_the_invitation_to_the_partnership(link, portal, somebody, signed_in):
    look_only(somebody(), link)
    begin_and_leave(somebody(), link, portal)
    maren = somebody()
    come_back(maren, link)
    approve(somebody(), KESSLER)
    maren.page.goto("/enroll/")
    maren.follows("Answer the partnership request")
    maren.reads("Partnership request")
    maren.presses("Authorize indirect provider")
    maren.sees("There is a problem", "Tick the box")
    maren.ticks("authorized")
    maren.presses("Authorize indirect provider")
    maren.reads("Indirect providers")
    expect(maren.row(PROVIDER)).to_be_visible()
    maren.page.goto(link)
    maren.reads("This request has been answered")
    anna = signed_in(ANNA)
    anna.follows("Indirect resellers")
    expect(anna.row(KESSLER)).to_be_visible()


def look_only(scanner, link):
    """What mail programs and browsers do by themselves has no effect, nor has a page unseen."""
    for fetch in (scanner.page.request.get, scanner.page.request.head):
        for headers in ({}, {"Sec-Purpose": "prefetch;prerender"}):
            assert fetch(link, headers=headers).ok
    found = the_request()
    assert (found.status, found.opened_at) == ("sent", None)


def begin_and_leave(maren, link, mailbox):
    maren.page.goto(link)
    maren.reads("Partnership request")
    maren.sees(PROVIDER)
    maren.follows("Enrol as indirect reseller")
    maren.reads("Enrol as indirect reseller")
    maren.follows("You")
    name_yourself(maren, "maren.kessler@gmail.com")
    maren.sees("There is a problem", "Use your company's own address")
    name_yourself(maren)
    maren.reads("Confirm your email address")
    prove_the_address(maren, mailbox)
    describe_the_company(maren)
    maren.reads(KESSLER)
    if maren.javascript:
        assert the_request().opened_at
    assert the_request().status == "sent"


def come_back(maren, link):
    """On another computer, by the link from the mail."""
    maren.page.goto(link)
    maren.follows("Sign in to answer")
    maren.identifies(MAREN)
    maren.reads("Partnership request")
    maren.follows("Continue the enrolment")
    maren.reads(KESSLER)
    finish(maren)
    maren.sees(PROVIDER)
    maren.inspects("in review")


def test_asking_a_colleague_who_declines(link, portal, way, somebody, signed_in):
    employ(MAREN, KESSLER, way.language, first_name="Maren")
    employ(JONAS, KESSLER, way.language, Role.SALES_AGENT, first_name="Jonas")
    jonas = somebody()
    jonas.page.goto(link)
    jonas.follows("I need to ask a colleague")
    jonas.reads("Ask a colleague")
    jonas.sees("How to find out who that is")
    jonas.follows("sign in", within=jonas.page.locator("main"))
    jonas.identifies(JONAS)
    jonas.reads("Ask a colleague")
    jonas.sees("Global admins of", MAREN)
    expect(jonas.page.locator("#message")).to_have_value(re.compile(re.escape(link)))
    decline(signed_in(MAREN), link)
    jonas.page.goto(link)
    jonas.reads("This request was declined")
    anna = signed_in(ANNA)
    anna.follows("Indirect resellers")
    anna.views("Pending requests")
    anna.follows("Show all requests")
    anna.follows(MAREN)
    anna.sees("Declined", REASON)
    mails_to(ANNA, portal)


def decline(maren, link):
    maren.page.goto(link)
    maren.follows("Decline")
    maren.reads(PROVIDER)
    maren.types(reason=REASON)
    maren.ticks("tell")
    maren.presses("Yes, decline")
    maren.reads("Indirect providers")
    maren.sees("You declined the request")


def test_finding_a_provider_without_signing_in(nordwind, somebody):
    with acting(OPERATOR):
        make_partner(Kind.PROVIDER, name="Alpenblick Cloud", slug="alpenblick", country="AT")
        nordwind.partner.email = "partner@nordwind.test"
        nordwind.partner.save()
    visitor = somebody()
    visitor.page.goto("/")
    visitor.follows("Find a provider")
    visitor.reads("Find a provider")
    expect(visitor.page.locator("tbody tr")).to_have_count(2)
    visitor.looks_for("nobody")
    visitor.sees("No provider matches these filters")
    visitor.follows("Clear all")
    visitor.looks_for("nordw")
    expect(visitor.page.locator("tbody tr")).to_have_count(1)
    visitor.follows(PROVIDER)
    visitor.reads(PROVIDER)
    contact = visitor.page.get_by_role("link", name=visitor.word("Contact by email"))
    expect(contact).to_have_attribute("href", "mailto:partner@nordwind.test")
    visitor.page.go_back()
    expect(visitor.page).to_have_url(re.compile("q=nordw"))
    expect(visitor.page.locator("tbody tr")).to_have_count(1)


def test_the_reseller_ends_it_and_thinks_again(nordwind, way, signed_in):
    employ(MAREN, KESSLER, way.language, first_name="Maren")
    with acting(OPERATOR):
        kessler = Organization.objects.get(name=KESSLER)
        make_partnership(nordwind, kessler)
        make_customer(nordwind, kessler, company_name="Vogel Optik", status="active")
    maren = signed_in(MAREN)
    end_it(maren)
    anna = signed_in(ANNA)
    anna.follows("Indirect resellers")
    anna.views("Ended")
    expect(anna.row(KESSLER)).to_contain_text(anna.word("The reseller"))
    assert REASON not in anna.page.content()  # it is for the reseller's own log
    maren.presses("Undo")
    maren.reads("Indirect providers")
    maren.sees("everything is as it was")
    expect(maren.row(PROVIDER)).to_be_visible()


def end_it(maren):
    maren.follows("Indirect providers")
    row = maren.row(PROVIDER)
    row.locator("button[popovertarget]").click()
    maren.follows("End partnership", within=row)
    maren.sees("1 customer stays")
    if maren.javascript:
        maren.inspects("dialog")
    maren.presses("Yes, end partnership")
    maren.sees("There is a problem", "Confirm the statement")
    maren.ticks("confirmed")
    maren.types(reason=REASON)
    maren.presses("Yes, end partnership")
    maren.reads("Indirect providers")
    expect(maren.page.locator("tbody tr", has_text=PROVIDER)).to_have_count(0)
    maren.follows("What stays")
    maren.reads("Partnership with")
    maren.sees("On record", REASON)
