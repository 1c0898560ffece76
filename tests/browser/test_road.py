"""The main road, as people walk it: from an empty list to a customer's admin at work.

Once in English with JavaScript, once in German without.
"""

import re

from playwright.sync_api import expect

from tests.background import wait_for
from tests.browser.enrolling import (
    KESSLER,
    MAREN,
    MPN_ID,
    describe_the_company,
    finish,
    name_yourself,
    prove_the_address,
)
from tests.browser.person import invitation_in, mails_to
from tests.browser.staff import ANNA, PROVIDER, approve

CUSTOMER = "Vogel Optik"
OFFER, SECOND_OFFER = "Microsoft 365 Business Premium", "Microsoft 365 Business Basic"


def test_the_main_road(portal, nordwind, somebody, signed_in):
    anna = signed_in(ANNA)
    link = request_a_partnership(anna, portal)
    maren = somebody()
    enrol(maren, link, portal)
    approve(somebody(), KESSLER)
    accept_it(maren, portal)
    login, temporary = add_a_customer(anna)
    look_after_it(maren)
    add_a_subscription(anna)
    name_the_support_contact(anna)
    remove_the_partnership(anna)
    start_as_customer(somebody(), login, temporary)


def request_a_partnership(anna, mailbox):
    anna.follows("indirect resellers")
    anna.presses("request")
    anna.reads("request")
    anna.sees("copy" if anna.javascript else "open in email", "done")
    mailto = anna.page.get_by_role("link", name=anna.words["open in email"])
    assert mailto.get_attribute("href").startswith("mailto:")
    anna.types(recipient=MAREN)
    anna.presses("send")
    return invitation_in(mails_to(MAREN, mailbox)[0])


def enrol(maren, link, mailbox):
    """From the invitation through all parts of the enrolment to *In review*."""
    maren.page.goto(link)
    maren.sees(PROVIDER)
    maren.follows("enrol")
    maren.follows("you")
    name_yourself(maren)
    prove_the_address(maren, mailbox)
    describe_the_company(maren)
    finish(maren)
    maren.sees(PROVIDER)


def accept_it(maren, mailbox):
    """The mail about the approval leads back to the invitation."""

    maren.page.goto(invitation_in(mails_to(MAREN, mailbox, 3)[-1]))
    maren.sees(PROVIDER)
    maren.ticks("authorized")
    maren.presses("authorize")
    maren.reads("indirect providers")
    maren.sees(PROVIDER)


def add_a_customer(anna):
    anna.follows("indirect resellers")
    anna.sees(KESSLER, MPN_ID)
    anna.follows("add new customer", within=anna.row(KESSLER))
    anna.reads("new customer")
    assert KESSLER in anna.page.locator("[name=reseller] option:checked").inner_text()
    anna.types(
        company_name=CUSTOMER,
        domain="vogeloptik",
        address_line_1="Mönckebergstraße 7",
        postal_code="20095",
        city="Hamburg",
        first_name="Vera",
        last_name="Vogel",
        email="vera@vogel.test",
        agreement_date="2021-07-01",
    )
    anna.page.locator("[name=agreement][value=accepted]").check()
    anna.presses("next: subscriptions")
    anna.reads("new subscription")
    anna.orders(OFFER, "25")
    anna.presses("next: review")
    anna.reads("review")
    anna.sees(CUSTOMER, OFFER, "cancel")
    anna.presses("submit")
    anna.reads("confirmation")
    anna.sees("setup info")
    if not anna.javascript:
        anna.presses("show setup info")
    temporary = anna.page.locator("#temporary-password").input_value()
    login = anna.page.locator("#account-name").input_value()
    assert login == "admin@vogeloptik.onportal.example"
    if anna.javascript:
        anna.follows("done")
    else:
        anna.follows("customers")
    anna.reads("customers")
    expect(anna.row(CUSTOMER)).to_contain_text(KESSLER)
    return login, temporary


def look_after_it(maren):
    maren.follows("customers")
    maren.follows(CUSTOMER)
    maren.follows(OFFER)
    maren.types(quantity="30")
    maren.presses("submit")
    maren.sees("30")


def add_a_subscription(anna):
    anna.follows("customers")
    anna.picks(KESSLER)
    anna.types(q="optik")
    anna.presses("apply")
    expect(anna.page).to_have_url(re.compile("q=optik"))
    expect(anna.page.locator(".chip")).to_have_count(2)
    anna.row(CUSTOMER).locator("a.expander").click()
    anna.follows("add subscription")
    anna.reads("new subscription")
    anna.orders(SECOND_OFFER, "5")
    anna.chooses("reseller", KESSLER)
    anna.presses("submit")
    expect(anna.row(SECOND_OFFER)).to_contain_text(MPN_ID)


def name_the_support_contact(anna):
    wait_until_active(anna, SECOND_OFFER)
    anna.follows(SECOND_OFFER)
    anna.sees("reseller")
    anna.chooses("support_contact", KESSLER)
    anna.presses("submit")
    expect(anna.row(SECOND_OFFER).or_(anna.page.locator("main"))).to_contain_text(KESSLER)


def wait_until_active(anna, offer):
    def active():
        anna.page.reload()
        return anna.row(offer).locator("[data-status=active]").count()

    wait_for(active)


def remove_the_partnership(anna):
    anna.follows("indirect resellers")
    row = anna.row(KESSLER)
    row.locator("button[popovertarget]").click()
    anna.follows("remove partnership", within=row)
    anna.ticks("confirmed")
    anna.presses("yes")
    anna.reads("indirect resellers")
    expect(anna.page.locator("tbody tr", has_text=KESSLER)).to_have_count(0)
    anna.follows("customers")
    expect(anna.row(CUSTOMER)).to_contain_text(KESSLER)


def start_as_customer(vera, login, temporary):
    vera.signs_in(login, temporary)
    vera.reads("first password")
    vera.page.goto("/")
    vera.reads("first password")
    vera.types(new_password1="own horse battery staple", new_password2="own horse battery staple")
    vera.presses("set password")
    vera.follows("subscriptions")
    vera.sees(OFFER, SECOND_OFFER)
    vera.follows("partner relationships")
    vera.sees(PROVIDER, KESSLER)
