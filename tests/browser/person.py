"""People in front of browser windows, who read and press words; and the mail they get."""

import re
from contextlib import contextmanager
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, expect

from tests.background import wait_for

PASSWORD = "correct horse battery"


class Way(NamedTuple):
    """How people walk: the language they read, and whether their browsers run scripts."""

    language: str
    javascript: bool


class Person:
    """Somebody in front of a browser window, who reads and presses words.

    ``words`` gives what stands on the page for what a test calls it. Where there is a script, axe
    looks at every page under a heading that anybody reads for the first time.
    """

    inspected = set()

    def __init__(self, page, words, way):
        self.page, self.words, self.way, self.axe = page, words, way, Axe()

    @property
    def javascript(self):
        return self.way.javascript

    def word(self, name):
        """What stands on the page for ``name``."""
        return self.words.get(name, name)

    def sees(self, *names):
        for name in names:
            expect(self.page.get_by_text(self.word(name)).first).to_be_visible()

    def reads(self, heading):
        heading = self.word(heading)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.inspects(heading)

    def inspects(self, place):
        """Nothing that axe could say against the page; each place once, as it takes a while."""
        if self.javascript and place not in self.inspected:
            self.inspected.add(place)
            found = self.axe.run(self.page).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []

    def follows(self, name, within=None):
        self._press("link", name, within)

    def presses(self, name, within=None):
        self._press("button", name, within)

    def _press(self, role, name, within):
        name = re.compile(f"^{re.escape(self.word(name))}")
        (within or self.page).get_by_role(role, name=name).first.click()

    def types(self, **fields):
        for name, text in fields.items():
            self.page.locator(f"[name={name}]").fill(text)

    def ticks(self, name):
        self.page.locator(f"[name={name}]").check()

    def marks(self, label):
        self.page.get_by_label(self.word(label), exact=True).check()

    def chooses(self, name, option):
        select = self.page.locator(f"select[name={name}]")
        option = self.word(option)
        value = select.locator("option", has_text=option).first.get_attribute("value")
        select.select_option(value)

    def picks(self, option):
        """A box behind the button of a filter; without a script all boxes are there."""
        self.page.locator("button.picker").click()
        self.page.get_by_label(option).check()
        self.page.keyboard.press("Escape")

    def filters(self, name, option):
        self.chooses(name, option)
        if not self.javascript:
            self.presses("apply")

    def looks_for(self, text):
        self.types(q=text)
        if not self.javascript:
            self.presses("apply")
        expect(self.page).to_have_url(re.compile(f"q={text}"))

    def views(self, tab):
        """One of the tabs of a list."""
        self.follows(tab, within=self.page.locator(".tabs"))

    def orders(self, offer, licenses):
        self.types(q=offer)
        self.presses("apply")
        expect(self.page.locator("#offers tbody tr").first).to_contain_text(offer)
        self.row(offer).locator("input[type=text]").fill(licenses)

    def row(self, text):
        return self.page.locator("tr", has_text=text).first

    def signs_in(self, login, password=PASSWORD):
        self.page.goto("/accounts/login/")
        self.identifies(login, password)

    def identifies(self, login, password=PASSWORD):
        """Sign in on the page that asks for it."""
        self.types(login=login, password=password)
        self.presses("sign in", within=self.page.locator("main"))
        expect(self.page).not_to_have_url(re.compile("/accounts/login/"))

    def opens_tab(self, url=None):
        """Another tab of the same window, on ``url`` or on the same page."""
        tab = Person(self.page.context.new_page(), self.words, self.way)
        tab.page.goto(url or self.page.url)
        return tab

    def waits_for(self, *names):
        """Load the page again and again until the background work shows on it."""

        def is_there():
            try:
                self.page.reload()
                texts = [self.page.get_by_text(self.word(name)) for name in names]
                return all(text.count() for text in texts)
            except Error:  # the page was just loading itself anew: look again
                return False

        wait_for(is_there)

    @contextmanager
    def downloads(self):
        """What is pressed in the block gives a file; the yielded list then has its text."""
        text = []
        with self.page.expect_download() as download:
            yield text
        with open(download.value.path(), encoding="utf-8-sig") as file:
            text.append(file.read())


def mails_to(address, mailbox, number=1):
    """The mails ``address`` got, oldest first, as soon as there are ``number`` of them."""

    def arrived():
        mails = [mail for mail in mailbox.mails if mail["To"] == address]
        return len(mails) >= number and mails

    return wait_for(arrived)


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def invitation_in(mail):
    """The invitation link of a mail."""
    return re.search(r"http\S+/invitations/\S+", text_of(mail))[0]


def code_for(address, mailbox):
    """The code of the enrolment, from the latest mail."""

    def code():
        mails = [mail for mail in mailbox.mails if mail["To"] == address]
        return mails and re.search(r"(\d{4} \d{4})$", str(mails[-1]["Subject"]))

    return wait_for(code)[1]
