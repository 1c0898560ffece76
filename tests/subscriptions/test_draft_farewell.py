"""Drafts of messages after the end of a partnership: offered, never sent."""

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from partners import wording
from partners.services import remove_partnership
from portal.outbox.models import OutboxMessage
from portal.references import encode
from subscriptions import services
from subscriptions.ending import Plan
from tests.factories import make_customer, make_move, make_partnership, make_request

RESELLER, CUSTOMERS = "subscriptions:message_reseller", "subscriptions:message_customers"


@pytest.fixture
def alpina(partnership, stranger):
    make_partnership(partnership.provider, stranger.organization)
    return stranger.organization


@pytest.fixture
def ended(partnership, provider, alpina):
    """Two customers stay, two go to Alpina, one is taken to direct; Kessler loses its rights."""
    for number, (language, successor) in enumerate(
        [("de", ""), ("en", ""), ("de", alpina), ("de", alpina), ("en", None)]
    ):
        email = f"contact{number}@kunde.example"
        customer = make_customer(
            partnership.provider, partnership.reseller, language=language, email=email
        )
        if successor != "":
            make_move(customer, partnership, successor)
    services.end_partnership(
        partnership,
        actor=provider,
        seen=Plan(partnership).fingerprint,
        withdraw=True,
        statement_version="1",
    )
    partnership.refresh_from_db()
    return partnership


@pytest.fixture
def draft(provider, ended, browser_of):
    def page(name, **query):
        return browser_of(provider).open(name, ended.reseller_id, **query)

    return page


def mailto(page):
    """(recipient, subject, body) of the address that opens a mail program."""
    address = urlsplit(page.context["farewell"].mailto.url)
    query = parse_qs(address.query)
    return address.path, query["subject"][0], query["body"][0]


def test_to_the_reseller(draft, ended):
    ended.reseller.partner.email = "office@kessler.example"
    ended.reseller.partner.save()

    page = draft(RESELLER, language="en")

    text = page.context["farewell"].letter.body
    recipient, subject, body = mailto(page)
    assert recipient == "office@kessler.example"
    assert subject == "End of our partnership in Twotier"
    assert body.replace("\r\n", "\n") == text
    assert "we have ended the partnership between Nordwind Distribution" in text
    assert "keep you as their reseller for now: 2." in text
    assert "from now on: 3." in text
    assert "were withdrawn (customers: 3)" in text
    assert "[Legal notice, if our agreement asks for one" in text
    assert "Ada Wong\nNordwind Distribution" in text


def test_it_goes_to_the_address_that_was_invited_where_no_other_is_known(draft, ended):
    assert mailto(draft(RESELLER))[0] == ""
    ended.request = make_request(
        ended.provider, recipient="first@kessler.example", reseller=ended.reseller
    )
    ended.save()

    assert mailto(draft(RESELLER))[0] == "first@kessler.example"


def test_in_german(draft):
    text = draft(RESELLER, language="de").context["farewell"].letter.body

    assert "wir haben die Partnerschaft zwischen Nordwind Distribution" in text
    assert "[Kündigung, falls unser Vertrag sie verlangt" in text


def test_an_unknown_language_is_english(draft):
    assert "Hello," in draft(RESELLER, language="xx\x00").text


def test_each_group_of_customers_gets_its_own_text(draft, alpina):
    kept = draft(CUSTOMERS, language="en").text
    moved = draft(CUSTOMERS, language="en", group=encode("R", alpina.pk)).text
    direct = draft(CUSTOMERS, language="en", group="none").text

    assert "Kessler IT-Systemhaus remains your indirect reseller for now." in kept
    assert "stay until you or we withdraw them" in kept
    assert "Alpina Cloud Services is your indirect reseller now" in moved
    assert "Delegated admin privileges of Kessler IT-Systemhaus were withdrawn" in moved
    assert "We serve you directly now, without an indirect reseller." in direct


def test_their_addresses_are_there_to_be_copied(draft, alpina):
    def addresses(**query):
        return draft(CUSTOMERS, **query).context["blocks"]

    assert addresses(language="de") == [["contact0@kunde.example"]]
    assert addresses(language="en") == [["contact1@kunde.example"]]
    group = encode("R", alpina.pk)
    assert addresses(language="de", group=group) == [
        ["contact2@kunde.example", "contact3@kunde.example"]
    ]
    assert addresses(language="en", group=group) == []
    assert addresses(language="en", group="nonsense") == [["contact1@kunde.example"]]


def test_it_opens_in_a_language_somebody_reads(provider, ended, browser_of, alpina):
    """Alpina's customers read German; whoever writes to them may read English."""
    browser = browser_of(provider)

    page = browser.open(CUSTOMERS, ended.reseller_id, group=encode("R", alpina.pk))

    assert "Guten Tag," in page.text
    assert len(page.context["blocks"][0]) == 2


def test_no_customers_address_is_ever_in_a_mail_to_others(draft, alpina):
    for group in ("left", encode("R", alpina.pk), "none"):
        for language in ("de", "en"):
            page = draft(CUSTOMERS, language=language, group=group)
            assert mailto(page)[0] == ""
            assert "contact" not in unescape(page.context["farewell"].mailto.url)


def test_many_addresses_come_in_blocks(ended, draft):
    for number in range(150):
        make_customer(
            ended.provider, ended.reseller, language="de", email=f"many{number}@kunde.example"
        )

    blocks = draft(CUSTOMERS, language="de").context["blocks"]

    assert [len(block) for block in blocks] == [100, 51]


@pytest.mark.parametrize("language", ["en", "de"])
def test_mail_programs_can_take_them(draft, ended, alpina, language):
    """With names of common length the whole text fits; with the longest, a short one does."""
    pages = [draft(RESELLER, language=language)]
    for group in ("left", encode("R", alpina.pk), "none"):
        pages.append(draft(CUSTOMERS, language=language, group=group))
    for page in pages:
        assert not page.context["farewell"].mailto.is_short
    for company in (ended.provider, ended.reseller):
        company.name = "Ü" * 200
        company.save()

    for page in (draft(RESELLER, language=language), draft(CUSTOMERS, language=language)):
        mail = page.context["farewell"].mailto
        assert mail.is_short
        assert "too long to be handed to an email program" in page.text
        assert len(mail.url) <= wording.MAILTO_BUDGET
        assert len(page.context["farewell"].letter.body) > len(mailto(page)[2])


def test_when_the_reseller_ended_it_the_message_says_so(
    partnership, provider, reseller, browser_of
):
    remove_partnership(partnership, actor=reseller, statement_version="1")

    page = browser_of(provider).open(RESELLER, partnership.reseller_id, language="en")

    assert "you have ended the partnership" in page.context["farewell"].letter.body


def test_looking_sends_nothing(draft, mailoutbox):
    draft(RESELLER)
    draft(CUSTOMERS)

    assert mailoutbox == []
    assert not OutboxMessage.objects.exists()


def test_names_are_text(draft, ended):
    ended.reseller.name = "<b>Bold & Sons</b>"
    ended.reseller.save()

    page = draft(RESELLER, language="en")

    assert "<b>Bold" not in page.text
    assert "<b>Bold & Sons</b>" in page.context["farewell"].letter.body


def test_while_the_partnership_is_active_there_is_nothing_to_say(partnership, provider, browser_of):
    for name in (RESELLER, CUSTOMERS):
        assert browser_of(provider).open(name, partnership.reseller_id).status_code == 302
