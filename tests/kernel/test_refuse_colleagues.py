"""403: which right is missing, who has it, and a mail that asks for it."""

import re
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest

from portal.accounts.roles import Kind, Role
from tests.factories import make_membership, make_partner, make_user

ORDERS = "subscriptions:order_list"


@pytest.fixture
def member(provider):
    """A user admin, who places no orders."""
    provider.user.first_name, provider.user.last_name = "Ännchen", "O'Neil & <Söhne>"
    provider.user.save()
    return make_membership(Role.USER_ADMIN, organization=provider.organization)


def mails(page):
    """{address: (subject, body)} of the mails that the page offers."""
    found = re.findall(r'href="(mailto:[^"?]+\?subject=[^"]+)"', page.text)
    return dict(_read(unescape(url)) for url in found)


def _read(url):
    assert not re.search(r"[^\w.~%:@?&=-]", url)  # all else is percent-encoded
    parts = urlsplit(url)
    subject, body = (unquote(part.partition("=")[2]) for part in parts.query.split("&"))
    return unquote(parts.path), (subject, body)


def test_it_names_the_right_the_roles_and_the_people(browser_of, provider, member):
    page = browser_of(member).open(ORDERS)

    assert page.status_code == 403
    for words in (
        "You are User admin in Nordwind Distribution.",
        "It takes the right to place and cancel orders for existing customers.",
        "Any of these roles gives it: Global admin, Admin agent, Sales agent.",
        "Ännchen O&#x27;Neil &amp; &lt;Söhne&gt; (Global admin)",
        "What can I do here?",
    ):
        assert words in page.text


def test_the_mail_is_ready_to_be_sent(browser_of, provider, member):
    browser = browser_of(member)

    subject, body = mails(browser.open(ORDERS, status="stuck"))[provider.user.email]

    assert subject == "I need a right in Nordwind Distribution"
    assert body.startswith("Hello Ännchen O'Neil & <Söhne>,\r\n\r\n")
    assert f"http://localhost:8000{browser.url(ORDERS, status='stuck')}\r\n" in body
    assert "the right to place and cancel orders for existing customers." in body
    assert f"http://localhost:8000{browser.url('staff:member_rights', member.pk)}" in body
    assert body.endswith(str(member.user))


def test_the_mail_is_written_in_the_readers_language(browser_of, provider, member):
    browser = browser_of(member)

    page = browser.get(browser.url(ORDERS), HTTP_ACCEPT_LANGUAGE="de")

    subject, body = mails(page)[provider.user.email]
    assert subject == "Mir fehlt ein Recht bei Nordwind Distribution"
    assert "Globaler Administrator" in body and "Guten Tag" in body
    assert "Bestellungen" in page.text


def test_addresses_cannot_break_out_of_the_mail(browser_of, provider, member):
    provider.user.email = "anna+bcc?x=1&cc=evil@x.test"
    provider.user.save()

    assert list(mails(browser_of(member).open(ORDERS))) == ["anna+bcc?x=1&cc=evil@x.test"]


def test_only_active_people_are_named_and_ten_at_most(browser_of, provider, member):
    for number in range(12):
        user = make_user(first_name="Agent", last_name=f"N{number:02}", is_active=number != 3)
        make_membership(Role.SALES_AGENT, organization=provider.organization, user=user)

    page = browser_of(member).open(ORDERS)

    assert len(page.context["colleagues"]) == 10
    assert "N03" not in page.text and "All 12 who can" in page.text
    list_url = browser_of(member).url("staff:right_holders", permission="place_order")
    assert list_url in page.text
    assert browser_of(member).get(list_url).context["number"] == 12


def test_who_has_no_address_is_named_without_a_mail(browser_of, provider, member):
    provider.user.email = ""
    provider.user.save()

    page = browser_of(member).open(ORDERS)

    assert mails(page) == {} and "(Global admin)" in page.text


def test_where_nobody_has_it_the_support_is_named(browser_of):
    organization = make_partner(Kind.PROVIDER)
    member = make_membership(Role.USER_ADMIN, organization=organization)

    page = browser_of(member).open(ORDERS)

    assert "Nobody in your organization has it" in page.text
    assert "support@portal.example" in page.text


def test_without_a_role_one_is_told_whom_to_ask(browser_of, provider):
    member = make_membership(organization=provider.organization)
    member.roles = []
    member.save()

    page = browser_of(member).open("subscriptions:home")

    assert page.status_code == 403
    assert "You have no role in Nordwind Distribution yet." in page.text
    assert provider.user.email in mails(page)
    assert "right_holders" not in page.text and "/settings/users/rights/" not in page.text


@pytest.mark.parametrize(
    "referer,shown",
    [
        ("http://testserver/o/x/customers/?q=a", "/o/x/customers/?q=a"),
        ("https://evil.example/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_the_way_back_is_one_of_our_pages(browser_of, member, referer, shown):
    page = browser_of(member).open(ORDERS)
    assert page.context["back_url"] == ""

    browser = browser_of(member)
    page = browser.get(browser.url(ORDERS), headers={"Referer": referer})

    assert page.context["back_url"] == (shown or "")


def test_a_dialog_gets_the_dialogs_form(browser_of, member):
    browser = browser_of(member)

    page = browser.get(browser.url(ORDERS), headers={"HX-Request": "true", "HX-Target": "dialog"})

    assert page.status_code == 403
    assert "<html" not in page.text and 'id="dialog-heading"' in page.text
