"""What an offer costs: on which day, where, and for how many licenses."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import inlineformset_factory, modelform_factory

from subscriptions.buying import Buyer
from subscriptions.models import Offer, OfferPrice, Subscription
from subscriptions.models.catalog import price_day
from subscriptions.resellers import NO_RESELLER
from tests.factories import make_offer
from tests.subscriptions.conftest import licenses

DAY = timedelta(days=1)


def price(offer, amount, **fields):
    fields.setdefault("currency", "EUR")
    return OfferPrice.objects.create(offer=offer, unit_price=Decimal(amount), **fields)


def cost(offer, currency="EUR", **asked):
    return Offer.objects.priced_in(currency, **asked).get(pk=offer.pk).price


@pytest.fixture
def bare(db):
    """An offer without any price."""
    offer = make_offer()
    offer.prices.all().delete()
    return offer


def test_a_price_counts_from_its_first_day_to_its_last(bare):
    today = price_day()
    price(bare, "1.00", valid_from=today - 9 * DAY, valid_until=today - DAY)
    price(bare, "2.00", valid_from=today, valid_until=today + 9 * DAY)
    price(bare, "3.00", valid_from=today + 10 * DAY)

    assert cost(bare) == Decimal("2.00")
    assert cost(bare, day=today - DAY) == Decimal("1.00")
    assert cost(bare, day=today + 9 * DAY) == Decimal("2.00")
    assert cost(bare, day=today + 10 * DAY) == Decimal("3.00")
    assert cost(bare, day=today - 10 * DAY) is None
    assert cost(bare, "USD") is None


def test_the_price_of_the_country_goes_before_that_of_the_currency(bare):
    price(bare, "10.00")
    price(bare, "9.00", market="AT", is_demonstration=True)

    assert cost(bare, market="DE") == Decimal("10.00")
    assert cost(bare, market="AT") == Decimal("9.00")
    assert cost(bare) == Decimal("10.00")
    assert Offer.objects.priced_in("EUR", market="AT").get().is_demonstration
    assert Offer.objects.priced_in("EUR", market="AT").count() == 1


def test_the_tier_follows_the_number_of_licenses(bare):
    price(bare, "10.00", max_quantity=99)
    price(bare, "8.00", min_quantity=100)

    assert cost(bare) == cost(bare, quantity=99) == Decimal("10.00")
    assert cost(bare, quantity=100) == cost(bare, quantity=5000) == Decimal("8.00")


def test_a_buyer_pays_for_as_many_as_are_bought(bare):
    Offer.objects.filter(pk=bare.pk).update(min_quantity=10)
    price(bare, "10.00", min_quantity=10, max_quantity=99)
    price(bare, "8.00", min_quantity=100)
    buyer = Buyer("DE", "none")

    assert buyer.offers().get().price == Decimal("10.00")
    assert buyer.offers({bare.pk: 250}).get().price == Decimal("8.00")
    assert buyer.offers({bare.pk: 10**20}).get().price == Decimal("8.00")


def test_an_order_is_placed_at_the_price_of_its_tier(staff, customer, offer, provider):
    offer.prices.update(max_quantity=99)
    price(offer, "8.00", min_quantity=100)
    url = staff.url("subscriptions:subscription_add", customer.pk)
    page = staff.post(url, licenses(offer, 150), follow=True)
    assert "€1,200.00 per month" in " ".join(page.text.split())

    answers = {"reseller": NO_RESELLER, "next": "order", "submission": str(uuid4())}
    staff.post(url, licenses(offer, 150) | answers)

    assert Subscription.objects.get().unit_price == Decimal("8.00")


@pytest.mark.parametrize(
    "fields,overlaps",
    [
        ({}, True),
        ({"market": "DE"}, False),
        ({"currency": "USD"}, False),
        ({"min_quantity": 101}, False),
        ({"min_quantity": 100, "max_quantity": 200}, True),
        ({"valid_from": date(2026, 2, 1)}, False),
        ({"valid_from": date(2026, 1, 31)}, True),
        ({"valid_from": date(2025, 1, 1), "valid_until": date(2025, 12, 31)}, False),
    ],
)
def test_no_two_prices_count_at_once(bare, fields, overlaps):
    january = {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 1, 31)}
    price(bare, "10.00", max_quantity=100, **january)
    second = {"valid_from": date(2026, 1, 2), "max_quantity": None} | fields

    if not overlaps:
        price(bare, "9.00", **second)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        price(bare, "9.00", **second)
    other = OfferPrice(offer=bare, unit_price=1, **({"currency": "EUR"} | second))
    with pytest.raises(ValidationError, match="Another price counts"):
        other.full_clean()


def test_an_operator_adds_an_offer_with_its_price(offer, staff):
    """What other offers cost is not in the way of one that is not stored yet."""
    form = modelform_factory(OfferPrice, fields=["currency", "unit_price"])
    formset = inlineformset_factory(Offer, OfferPrice, form=form, fields=form._meta.fields)
    rows = {"prices-0-currency": "EUR", "prices-0-unit_price": "5.00"}
    management = {"prices-TOTAL_FORMS": "1", "prices-INITIAL_FORMS": "0"}

    assert formset(rows | management, instance=Offer()).is_valid()


def test_days_and_tiers_are_in_order(bare):
    with pytest.raises(IntegrityError), transaction.atomic():
        price(bare, "1.00", min_quantity=5, max_quantity=4)
    wrong = OfferPrice(
        offer=bare,
        currency="EUR",
        unit_price=1,
        valid_from=date(2026, 2, 1),
        valid_until=date(2026, 1, 1),
    )
    with pytest.raises(ValidationError, match="The last day is before the first"):
        wrong.full_clean()
