"""A reseller asks, the provider orders; a line that failed is tried again.

Once in English with JavaScript, once in German without.
"""

from playwright.sync_api import expect

from customers.models import Customer
from portal.scope import OPERATOR, acting
from subscriptions.marketplace import NOT_SOLD
from subscriptions.models import Offer
from tests.browser.test_customer import employ
from tests.browser.test_road import CUSTOMER, SECOND_OFFER, add_a_customer
from tests.factories import make_line, make_order, make_subscription

THIRD = "Intune"
NOTE = "Bitte vor Montag"
FURTHER = {
    "en": {
        "ask to order": "Ask the provider to order",
        "send request": "Send request",
        "waits until": "This request waits for its answer until",
        "home": "Home",
        "one waits": "1 reseller's request to order waits",
        "one failed": "1 order is partly failed",
        "check and order": "Check and order",
        "asks for this": "asks for this",
        "submit": "Submit",
        "ordered": "1 subscription ordered",
        "try again": "Try again",
        "failed": "This offer is not sold any more.",
        "all set up": "All subscriptions are set up.",
        "has ordered": "has ordered it",
        "happened": "tried an order line again",
    },
    "de": {
        "ask to order": "Anbieter um Bestellung bitten",
        "send request": "Anfrage senden",
        "waits until": "Diese Anfrage wartet bis",
        "home": "Startseite",
        "one waits": "1 Bestellanfrage eines Vertriebspartners wartet",
        "one failed": "1 Bestellung ist teilweise fehlgeschlagen",
        "check and order": "Prüfen und bestellen",
        "asks for this": "bittet darum",
        "submit": "Übermitteln",
        "ordered": "1 Abonnement bestellt",
        "try again": "Erneut versuchen",
        "failed": "Dieses Angebot wird nicht mehr verkauft.",
        "all set up": "Alle Abonnements sind eingerichtet.",
        "has ordered": "hat es bestellt",
        "happened": "hat eine Bestellposition erneut versucht",
    },
}


def test_asked_ordered_and_tried_again(portal, somebody, way):
    anna, maren = people = somebody(), somebody()
    for person in people:
        person.words = person.words | FURTHER[way.language]
    staff, partner = employ(way.language)
    anna.signs_in(staff)
    maren.signs_in(partner)
    add_a_customer(anna)
    asks(maren)
    orders(anna)
    tries_again(anna)
    reads_the_answer(maren)


def asks(maren):
    maren.follows("customers")
    maren.follows(CUSTOMER)
    maren.follows("ask to order")
    maren.reads("ask to order")
    maren.orders(SECOND_OFFER, "7")
    expect(maren.page.locator("main")).not_to_contain_text("€")
    maren.types(note=NOTE)
    maren.presses("send request")
    maren.sees("waits until", NOTE, SECOND_OFFER)


def orders(anna):
    anna.follows("home")
    anna.follows("one waits")
    anna.page.locator("tbody th a").first.click()
    anna.sees(NOTE)
    anna.follows("check and order")
    anna.sees("asks for this", NOTE)
    anna.presses("submit", within=anna.page.locator("main"))
    anna.sees("ordered")
    anna.follows("O-", within=anna.page.locator("main"))
    anna.waits_for("all set up")


def tries_again(anna):
    """Another order, of which a line has failed."""
    with acting(OPERATOR):
        order = make_order(Customer.objects.get(), status="failed")
        offer = Offer.objects.filter(name=THIRD).earliest("pk")
        pending = make_subscription(order.customer, offer, status="pending")
        make_line(order, offer, status="failed", error=NOT_SOLD, subscription=pending)
    anna.follows("home")
    anna.follows("one failed")
    anna.follows(order.reference)
    anna.sees("failed")
    anna.presses("try again")
    anna.waits_for("all set up", "happened")


def reads_the_answer(maren):
    maren.page.reload()
    maren.sees("has ordered")
    expect(maren.page.locator("main")).not_to_contain_text("€")
