"""The operators' pages: everything can be looked at, nothing with a history can be bent."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from subscriptions.models import Offer, OfferPrice, Order, OrderDraft, OrderLine, Subscription
from tests.access import make_world
from tests.factories import make_offer, make_user

KINDS = ["product", "offer", "offerprice", "orderdraft", "order", "orderline", "subscription"]


@pytest.fixture
def operator(db):
    user = make_user(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    return client


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize("kind", KINDS)
def test_lists_can_be_looked_at_and_searched(operator, world, kind):
    url = reverse(f"admin:subscriptions_{kind}_changelist")

    assert operator.get(url).status_code == 200
    assert operator.get(url, {"q": "Business"}).status_code == 200


@pytest.mark.parametrize("model", [Order, OrderDraft, OrderLine, Subscription])
def test_what_has_a_history_is_only_looked_at(operator, world, model):
    row, kind = model.objects.first(), model._meta.model_name
    page = reverse(f"admin:subscriptions_{kind}_change", args=[row.pk])

    assert operator.get(page).status_code == 200
    assert operator.post(page, {"status": "cancelled"}).status_code == 403
    assert operator.post(reverse(f"admin:subscriptions_{kind}_add")).status_code == 403
    delete = reverse(f"admin:subscriptions_{kind}_delete", args=[row.pk])
    assert operator.post(delete, {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_an_offer_can_be_taken_off_the_market(operator):
    offer = make_offer()
    page = reverse("admin:subscriptions_offer_change", args=[offer.pk])
    price = offer.prices.get()
    data = {
        **{field: getattr(offer, field) for field in ("name", "sku_id", "publisher", "category")},
        **{field: getattr(offer, field) for field in ("term", "billing", "min_quantity")},
        "max_quantity": 300,
        "product": offer.product_id,
        "prices-TOTAL_FORMS": 1,
        "prices-INITIAL_FORMS": 1,
        "prices-0-id": price.pk,
        "prices-0-offer": offer.pk,
        "prices-0-currency": "EUR",
        "prices-0-min_quantity": price.min_quantity,
        "prices-0-valid_from": price.valid_from,
        "prices-0-unit_price": "21.00",
    }

    assert operator.post(page, data).status_code == 302

    assert not Offer.objects.get().is_available
    assert str(OfferPrice.objects.get().unit_price) == "21.00"


def test_every_model_is_there():
    known = {model._meta.model_name for model in admin.site._registry}
    assert set(KINDS) <= known
