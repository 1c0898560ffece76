"""Partnerships as a provider's people walk through them: requests, lists, texts and the end."""

import csv
import re
from io import StringIO

import pytest
from playwright.sync_api import expect

from partners.models import Partnership
from partners.services import remove_partnership
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions.models import Offer
from tests.browser.person import invitation_in, mails_to, text_of
from tests.browser.staff import employ
from tests.factories import (
    make_customer,
    make_partner,
    make_partnership,
    make_request,
    make_subscription,
)

PROVIDER, KESSLER, ISAR = "Nordwind Distribution", "Kessler IT-Systemhaus", "Isar Cloudworks"
VOGEL, ALBRECHT = "Vogel Optik", "Albrecht Maschinenbau"
MAREN, NOTE = "maren@kessler.test", "Danke für das gute Gespräch in Hamburg."
FILE = """recipient,language,note
one@alpina.test,en,Good to meet you
two@alpina.test,de,
not-an-address,en,
one@alpina.test,en,
three@alpina.test,en,See www.example.com
bert@nordwind.test,en,
asked@alpina.test,en,
"""


@pytest.fixture
def anna(portal, somebody, way):
    """The provider's global admin, signed in; other tabs of hers see what changed meanwhile."""
    anna = somebody(permissions=["clipboard-read", "clipboard-write"])
    anna.signs_in(employ("anna@nordwind.test", PROVIDER, way.language, kind=Kind.PROVIDER))
    return anna


@pytest.fixture
def nordwind(anna):
    with acting(OPERATOR):
        return Organization.objects.get(name=PROVIDER)


def test_a_request_from_its_draft_to_the_next_one(anna, portal, somebody):
    write_a_draft(anna)
    first = send_the_draft(anna, portal)
    remind(anna, portal)
    second = extend(anna, portal, first)
    copy_the_link(anna, second)
    anna.follows("Withdraw")
    anna.presses("Yes, withdraw the request")
    anna.sees("Its link no longer works.")
    maren = somebody()
    for link, words in ((first, "We don't know this link"), (second, "This request was withdrawn")):
        maren.page.goto(link)
        maren.reads(words)
    ask_again(anna)


def write_a_draft(anna):
    anna.follows("Indirect resellers")
    anna.presses("Request a partnership")
    anna.reads("Request a partnership")
    anna.marks("German" if not is_german(anna) else "English")
    save_the_draft(anna)
    words = "Guten Tag" if not is_german(anna) else "Hello"
    expect(anna.page.locator("[name=text]")).to_have_value(re.compile(words))
    anna.types(recipient=MAREN, note=NOTE)
    save_the_draft(anna)
    expect(anna.page.locator("[name=text]")).to_have_value(re.compile(NOTE))


def is_german(person):
    return person.words["request"] == "Partnerschaft anfordern"


def save_the_draft(anna):
    """With a script it saves itself."""
    if not anna.javascript:
        anna.presses("Update draft")


def send_the_draft(anna, mailbox):
    anna.presses("Send from Twotier")
    anna.reads("Indirect resellers")
    anna.sees("is on its way to")
    anna.follows(MAREN)
    anna.reads("Partnership request")
    anna.sees(MAREN, "What happened", "drafted a partnership request", "sent a partnership request")
    mail = mails_to(MAREN, mailbox)[0]
    assert NOTE in text_of(mail)
    anna.waits_for("The mail server accepted the email")
    return invitation_in(mail)


def remind(anna, mailbox):
    """The second press within three days, from a page that is not up to date, sends nothing."""
    tab = anna.opens_tab()
    anna.presses("Send reminder")
    anna.sees("A reminder is on its way to", "Reminded in the last three days.", "sent a reminder")
    tab.presses("Send reminder")
    tab.sees("They were reminded already.")
    tab.page.close()
    mails_to(MAREN, mailbox, 2)


def extend(anna, mailbox, first):
    anna.presses("Extend by 30 days")
    anna.sees("The old one is dead.", "with a new link")
    mails = mails_to(MAREN, mailbox, 3)
    assert len(mails) == 3  # the request, one reminder, the new link
    assert invitation_in(mails[1]) == first
    assert invitation_in(mails[2]) != first
    return invitation_in(mails[2])


def copy_the_link(anna, link):
    anna.presses("Copy link")
    expect(anna.page.locator("#link")).to_have_text(link)
    anna.sees("had the link")
    if anna.javascript:
        anna.presses("Copy to clipboard")
        anna.sees("Copied")
        assert anna.page.evaluate("navigator.clipboard.readText()") == link


def ask_again(anna):
    anna.follows("Show all requests")
    filter_by(anna, "status", "Withdrawn")
    anna.follows(MAREN)
    anna.sees("withdrew")
    anna.presses("Ask again")
    anna.sees("It asks again after")
    expect(anna.page.locator("[name=recipient]")).to_have_value(MAREN)
    anna.presses("done")  # by hand: the portal has sent them three mails today, as many as it may
    anna.follows(MAREN)
    anna.sees("Asks again after")


def test_many_requests_from_one_file(anna, portal, nordwind):
    with acting(OPERATOR):
        make_request(nordwind, recipient="asked@alpina.test")
    anna.follows("Indirect resellers")
    anna.follows("Bulk requests")
    anna.reads("Bulk requests")
    file = {"name": "alpina.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    anna.page.locator("[name=file]").set_input_files(file)
    anna.presses("Check rows")
    anna.reads("alpina.csv")
    anna.sees("Nothing has been sent yet.")
    verdicts = {
        "not-an-address": "This is not an email address.",
        "one@alpina.test": "This address is further up",
        "three@alpina.test": "The note holds a link",
        "bert@nordwind.test": "This is an address of your own company.",
        "asked@alpina.test": "You have asked them",
    }
    for recipient, words in verdicts.items():
        expect(anna.row(anna.words.get(words, words))).to_contain_text(recipient)
    assert portal.mails == []
    anna.presses("Send 2 requests")
    anna.sees("All requests are on their way", "2 requests were sent.", "5 rows had been left out.")
    mails_to("one@alpina.test", portal)
    mails_to("two@alpina.test", portal)
    with anna.downloads() as text:
        anna.follows("Download result")
    rows = list(csv.reader(StringIO(text[0]), delimiter=";" if is_german(anna) else ","))
    assert [row[1] for row in rows[1:]] == [line.split(",")[0] for line in FILE.splitlines()[1:]]
    assert [bool(row[3]) for row in rows[1:]] == [True, True] + [False] * 5


def test_the_providers_own_text(anna, portal):
    anna.follows("Email texts")
    anna.follows("Partnership request in English")
    anna.sees("The standard text.")
    anna.types(subject="A word from {provider}", body="Hello,\n\nno way in.\n\n{provider}")
    if anna.javascript:
        anna.sees("The preview waits", "Put {link} into the text")
    anna.presses("Save")
    anna.sees("There is a problem", "Put {link} into the text")
    body = anna.page.locator("[name=body]")
    expect(body).to_have_value(re.compile("no way in"))
    anna.types(body="Hello,\n\nhere you go:\n{link}\n\n{sender}, {provider}")
    if not anna.javascript:
        anna.presses("Preview")
    preview = anna.page.locator("#letter-preview")
    expect(preview).to_contain_text(f"A word from {PROVIDER}")
    expect(preview).to_contain_text(f"Anna Wong, {PROVIDER}")
    expect(preview).to_contain_text("/invitations/")
    anna.presses("Save")
    anna.sees("The text is saved.", "Your own text, changed by")
    anna.follows("Indirect resellers")
    anna.presses("Request a partnership")
    anna.marks("English")
    save_the_draft(anna)
    expect(anna.page.locator("[name=subject]")).to_have_value(f"A word from {PROVIDER}")
    expect(anna.page.locator("[name=text]")).to_have_value(re.compile("here you go:\nhttp"))


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
    filter_by(anna, "status", "Agreement missing")
    expect(anna.page.locator("tbody tr")).to_have_count(1)
    expect(anna.page).to_have_url(re.compile("status=missing"))
    anna.follows("Brightwater")
    anna.reads("Brightwater")
    anna.page.go_back()
    expect(anna.page).to_have_url(re.compile("status=missing"))
    expect(anna.page.locator("tbody tr")).to_have_count(1)
    expect(anna.page.locator("select[name=status]")).to_have_value("missing")
    anna.follows("Pending requests", within=tabs_of(anna))
    expect(anna.page).to_have_url(re.compile("view=pending"))
    expect(anna.row("info@alpina.test")).to_be_visible()
    anna.follows("Ended", within=tabs_of(anna))
    expect(anna.row("Harzblick Computer")).to_be_visible()
    anna.follows("Active", within=tabs_of(anna))
    filter_by(anna, "customers", "Without customers")
    expect(anna.row(ISAR)).to_be_visible()
    anna.presses("Export indirect resellers")
    anna.presses("Selected", within=anna.page.locator("#export-menu"))
    anna.sees("Select at least one reseller")
    expect(anna.page).to_have_url(re.compile("customers=none"))
    anna.row(ISAR).get_by_role("checkbox").check()
    with anna.downloads() as text:
        anna.presses("Export selected")
    assert [line.split(",")[0].split(";")[0] for line in text[0].splitlines()[1:]] == [ISAR]


def tabs_of(anna):
    return anna.page.locator(".tabs")


def filter_by(anna, name, option):
    anna.chooses(name, option)
    if not anna.javascript:
        anna.presses("Apply filters")


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
    anna.page.get_by_text(anna.words.get("Show which", "Show which")).first.click()
    anna.sees(VOGEL, ALBRECHT)
    anna.follows("Decide about customers")
    anna.chooses("choice", ISAR)
    anna.presses("Apply to all 2 customers")
    anna.sees("Nothing has happened")
    anna.chooses("choice", "Take to direct")
    anna.row(ALBRECHT).get_by_role("checkbox").check()
    anna.presses("Apply to the ticked ones")
    expect(anna.row(VOGEL)).to_contain_text(ISAR)
    direct = anna.words.get("No indirect reseller", "No indirect reseller")
    expect(anna.row(ALBRECHT)).to_contain_text(direct)
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
        mails = OutboxMessage.objects.values_list("task", flat=True)
        assert not [task for task in mails if "farewell" in task]
