"""Prices that change between looking and *Submit* are shown, old and new, and agreed to."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest

from subscriptions import services
from subscriptions.models import Order, OrderLine
from tests.subscriptions.conftest import licenses

ADD = "subscriptions:subscription_add"
HIDDEN = re.compile(r'name="((?:price|was)-[0-9]+)" value="([^"]*)"')


def form_on(page, offer, **more):
    """What *Submit* on this page sends for five licenses."""
    form = dict(HIDDEN.findall(page.text)) | licenses(offer, 5)
    return form | {"submission": str(uuid4()), "reseller": "none", "next": "submit"} | more


@pytest.fixture
def looked(staff, customer, offer):
    """The page with the old price; meanwhile it is another one."""
    page = staff.open(ADD, customer.pk)
    offer.prices.update(unit_price="25.00")
    return page


def test_the_price_that_was_seen_is_ordered(staff, customer, offer):
    page = staff.open(ADD, customer.pk)

    assert staff.send(ADD, customer.pk, data=form_on(page, offer)).status_code == 302


def test_a_new_price_is_shown_beside_the_old_one_and_asks(staff, customer, offer, looked):
    refused = staff.send(ADD, customer.pk, data=form_on(looked, offer))

    assert refused.status_code == 422
    assert "€20.60</del> €25.00" in refused.text
    assert "Prices have changed. Select" in refused.text and 'id="accept-prices"' in refused.text
    assert not Order.objects.exists()


def test_without_the_tick_it_asks_again(staff, customer, offer, looked):
    refused = staff.send(ADD, customer.pk, data=form_on(looked, offer))

    again = staff.send(ADD, customer.pk, data=form_on(refused, offer))

    assert again.status_code == 422 and "€20.60</del> €25.00" in again.text


def test_with_the_tick_it_is_ordered_for_the_new_price(staff, customer, offer, looked):
    refused = staff.send(ADD, customer.pk, data=form_on(looked, offer))

    done = staff.send(ADD, customer.pk, data=form_on(refused, offer, accept_prices="on"))

    assert done.status_code == 302
    assert OrderLine.objects.get().unit_price == Decimal("25.00")


def test_the_tick_counts_for_the_price_that_was_shown_only(staff, customer, offer, looked):
    refused = staff.send(ADD, customer.pk, data=form_on(looked, offer))
    offer.prices.update(unit_price="30.00")

    again = staff.send(ADD, customer.pk, data=form_on(refused, offer, accept_prices="on"))

    assert again.status_code == 422 and "€20.60</del> €30.00" in again.text


def test_a_price_that_went_back_asks_nothing(staff, customer, offer, looked):
    offer.prices.update(unit_price="20.60")

    assert staff.send(ADD, customer.pk, data=form_on(looked, offer)).status_code == 302


def test_the_service_checks_what_was_agreed_to_in_its_own_transaction(provider, customer, offer):
    with pytest.raises(services.PricesChanged):
        services.place_order(
            customer,
            actor=provider,
            quantities={offer.pk: 5},
            reseller_of_record=None,
            submission=uuid4(),
            prices={offer.pk: Decimal("20.59")},
        )
    assert not Order.objects.exists()


@pytest.mark.parametrize("price", ["", "x", "-1", "1e9", "٣.٠٠", "9" * 400, "\x00", "NaN"])
def test_prices_that_are_none_do_no_harm(staff, customer, offer, price):
    data = form_on(staff.open(ADD, customer.pk), offer, **{f"price-{offer.pk}": price})

    assert staff.send(ADD, customer.pk, data=data).status_code == 302
