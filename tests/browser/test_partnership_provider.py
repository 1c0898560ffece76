"""Partnerships as a provider's people walk through them: requests and their texts."""

import csv
import re
from io import StringIO

import pytest
from playwright.sync_api import expect

from portal.scope import OPERATOR, acting
from tests.browser.enrolling import MAREN
from tests.browser.person import invitation_in, mails_to, text_of
from tests.browser.staff import ANNA, PROVIDER
from tests.factories import (
    make_request,
)

NOTE = "Danke für das gute Gespräch in Hamburg."
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
def anna(nordwind, signed_in):
    return signed_in(ANNA, permissions=["clipboard-read", "clipboard-write"])


def test_a_request_from_its_draft_to_the_next_one(anna, portal, somebody, way):
    write_a_draft(anna, way)
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


def write_a_draft(anna, way):
    anna.follows("Indirect resellers")
    anna.presses("Request a partnership")
    anna.reads("Request a partnership")
    language, words = ("German", "Guten Tag") if way.language == "en" else ("English", "Hello")
    anna.marks(language)
    save_the_draft(anna)
    expect(anna.page.locator("[name=text]")).to_have_value(re.compile(words))
    anna.types(recipient=MAREN, note=NOTE)
    save_the_draft(anna)
    expect(anna.page.locator("[name=text]")).to_have_value(re.compile(NOTE))


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
    anna.filters("status", "Withdrawn")
    anna.follows(MAREN)
    anna.sees("withdrew")
    anna.presses("Request again")
    anna.sees("It asks again after")
    expect(anna.page.locator("[name=recipient]")).to_have_value(MAREN)
    anna.presses("done")  # by hand: the portal has sent them three mails today, as many as it may
    anna.follows(MAREN)
    anna.sees("Follows request")


def test_many_requests_from_one_file(anna, portal, nordwind, way):
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
        expect(anna.row(anna.word(words))).to_contain_text(recipient)
    assert portal.mails == []
    anna.presses("Send 2 requests")
    anna.sees("All requests are on their way", "2 requests were sent.", "5 rows had been left out.")
    mails_to("one@alpina.test", portal)
    mails_to("two@alpina.test", portal)
    with anna.downloads() as text:
        anna.follows("Download result")
    rows = list(csv.reader(StringIO(text[0]), delimiter=";" if way.language == "de" else ","))
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
