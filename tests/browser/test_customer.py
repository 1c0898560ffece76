"""The customer's side, as its admin walks it: from the first password to more licenses.

Once in English with JavaScript, where the reseller approves; once in German without, where the
provider does.
"""

from playwright.sync_api import expect

from portal.accounts.roles import Kind
from portal.scope import OPERATOR, acting
from tests.background import wait_for
from tests.browser.enrolling import KESSLER
from tests.browser.person import PASSWORD
from tests.browser.test_road import OFFER, PROVIDER, add_a_customer
from tests.factories import make_membership, make_partner, make_partnership, make_user

OWN_PASSWORD = "own horse battery staple"
PHONE = "+49 40 5550 120"
NOTE = "Fünfzehn neue Kolleginnen"
FURTHER = {
    "en": {
        "home": "Home",
        "your subscriptions": "Your subscriptions",
        "who helps you": "Who helps you",
        "who can administer": "Who can administer your account",
        "request licenses": "Request licenses",
        "send request": "Send request",
        "one waits": "1 license request waits",
        "one was answered": "1 license request was answered",
        "waits until": "This request waits for its answer until",
        "approve": "Approve",
        "approved": "approved the request. The licenses are changed.",
        "nothing": "Nothing needs attention.",
    },
    "de": {
        "home": "Startseite",
        "your subscriptions": "Ihre Abonnements",
        "who helps you": "Wer Ihnen hilft",
        "who can administer": "Wer Ihr Konto verwalten kann",
        "request licenses": "Lizenzen anfragen",
        "send request": "Anfrage senden",
        "one waits": "1 Lizenzanfrage wartet",
        "one was answered": "1 Lizenzanfrage wurde",
        "waits until": "Diese Anfrage wartet bis",
        "approve": "Genehmigen",
        "approved": "hat die Anfrage genehmigt. Die Lizenzen sind geändert.",
        "nothing": "Nichts braucht Aufmerksamkeit.",
    },
}


def test_the_customers_side(portal, somebody, way):
    anna, maren, vera = people = somebody(), somebody(), somebody()
    for person in people:
        person.words = person.words | FURTHER[way.language]
    staff, partner = employ(way.language)
    anna.signs_in(staff)
    maren.signs_in(partner)
    login, temporary = add_a_customer(anna)
    begin(vera, login, temporary)
    look_around(vera)
    ask_for_licenses(vera)
    approver = maren if way.javascript else anna
    approve(approver)
    read_the_answer(vera, KESSLER if way.javascript else PROVIDER)


def employ(language):
    """A provider with its reseller, and somebody at each; returns their account names."""
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER, name=PROVIDER, slug="nordwind")
        provider.partner.phone = PHONE
        provider.partner.save()
        reseller = make_partner(name=KESSLER, slug="kessler", mpn_id="4847383")
        make_partnership(provider, reseller)
        logins = []
        for name, company in (("anna@nordwind.test", provider), ("maren@kessler.test", reseller)):
            user = make_user(name, PASSWORD, language=language)
            make_membership(organization=company, user=user)
            logins.append(name)
    return logins


def begin(vera, login, temporary):
    """The temporary password opens one page; the own one opens Home."""
    vera.signs_in(login, temporary)
    vera.reads("first password")
    vera.types(new_password1=OWN_PASSWORD, new_password2=OWN_PASSWORD)
    vera.presses("set password")
    vera.reads("home")


def look_around(vera):
    vera.sees("your subscriptions", "who helps you", "who can administer", "nothing")
    vera.sees(OFFER, PROVIDER, KESSLER, PHONE)
    vera.follows("who helps you")
    vera.reads("who helps you")
    vera.sees(PROVIDER, PHONE, OFFER)


def ask_for_licenses(vera):
    vera.follows("subscriptions")
    expect(vera.row(OFFER)).to_contain_text(PROVIDER)
    wait_until_active(vera)
    vera.follows(OFFER)
    vera.follows("request licenses")
    vera.types(quantity="25")  # what it has already
    vera.presses("send request")
    expect(vera.page.locator("#id_quantity_error")).to_be_visible()
    vera.types(quantity="40", note=NOTE)
    vera.presses("send request")
    vera.sees("waits until", NOTE)
    vera.follows("home")
    vera.sees("one waits")


def wait_until_active(vera):
    def active():
        vera.page.reload()
        return vera.row(OFFER).locator("[data-status=active]").count()

    wait_for(active)


def approve(partner):
    partner.follows("home")
    partner.follows("one waits")
    partner.follows(OFFER)
    partner.sees(NOTE)
    partner.presses("approve")
    partner.sees("approved")


def read_the_answer(vera, who):
    vera.follows("home")
    vera.follows("one was answered")
    expect(vera.row(OFFER)).to_contain_text(who)
    vera.follows(OFFER)
    vera.sees("approved")
    vera.follows("subscriptions")
    expect(vera.row(OFFER)).to_contain_text("40")
