"""*Pricing and offers*: what the provider's staff see of the catalogue."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest

from subscriptions.models import Offer, OfferPrice
from subscriptions.models.catalog import price_day
from tests.factories import make_offer

LIST, EXPORT = "subscriptions:price_list", "subscriptions:price_export"
DAY = timedelta(days=1)


def words(response):
    return " ".join(response.text.split())


def add(offer, amount, **fields):
    return OfferPrice.objects.create(
        offer=offer, currency="EUR", unit_price=Decimal(amount), **fields
    )


def test_offers_with_their_price(staff, offer):
    make_offer("Only in francs", currency="CHF")

    page = words(staff.open(LIST))

    assert "Business Premium" in page and "€20.60" in page
    assert "Only in francs" not in page
    assert "Demonstration price" not in page


def test_another_country_of_the_region(staff, offer):
    make_offer("Only in francs", currency="CHF", price="10.00")
    add(offer, "19.00", market="AT")

    assert "CHF\xa010.00" in staff.open(LIST, country="CH").text
    assert "€19.00" in staff.open(LIST, country="AT").text
    assert "€20.60" in staff.open(LIST, country="DE").text
    assert "€20.60" in staff.open(LIST, country="US").text  # not of the region: no filter


def test_coming_changes_are_marked(staff, offer):
    today = price_day()
    offer.prices.update(valid_until=today + 9 * DAY)
    add(offer, "21.50", valid_from=today + 10 * DAY)
    ending = make_offer("Ending")
    ending.prices.update(valid_until=today + 5 * DAY)
    begins = make_offer("Begins")
    begins.prices.update(valid_from=today + 3 * DAY)
    later = make_offer("Later")
    later.prices.update(valid_from=today + 31 * DAY)

    page = words(staff.open(LIST))

    assert "€20.60" in page and ": €21.50" in page
    assert "Sold until" in page
    assert "Begins" in page
    assert "Later" not in page


def test_tiers_and_demonstration_prices_say_so(staff, offer):
    offer.prices.update(max_quantity=99, is_demonstration=True)
    add(offer, "18.00", min_quantity=100)

    page = words(staff.open(LIST))

    assert "from 100 licenses" in page and "€18.00" in page
    assert page.count("Demonstration price") == 1


@pytest.mark.parametrize(
    "query,found",
    [
        ({"q": "visio"}, ["Visio"]),
        ({"publisher": "Contoso"}, ["Visio"]),
        ({"category": "education"}, ["Visio"]),
        ({"term": "P1M"}, ["Visio"]),
        ({"billing": "annual"}, ["Visio"]),
        ({"q": "nothing"}, []),
        ({"term": "x", "country": "\x00", "publisher": "9" * 3000}, ["Business Premium", "Visio"]),
    ],
)
def test_filters(staff, offer, query, found):
    make_offer("Visio", publisher="Contoso", category="education", term="P1M", billing="annual")

    rows = staff.open(LIST, **query).context["page"].rows

    assert [row.name for row in rows] == found


def test_the_export_follows_the_filters(staff, offer):
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        page = staff.get(staff.url(LIST, q="business", country="AT"), **headers)
        assert "/prices/export/?" in page.text
        address = page.text.split("/prices/export/?")[1].split('"')[0]
        assert "q=business" in address and "country=AT" in address


def test_export_holds_what_the_list_shows(staff, offer):
    add(offer, "19.00", market="AT")
    Offer.objects.filter(pk=make_offer("Gone").pk).update(is_available=False)

    response = staff.open(EXPORT, country="AT", format="comma")

    header, row = csv.reader(response.text.splitlines())
    assert header[0] == "Offer" and header[9] == "Price"
    assert (row[0], row[6], row[7], row[9], row[13]) == (
        "Business Premium",
        "AT",
        "EUR",
        "19.00",
        "no",
    )
