"""What the tests of subscriptions have in common."""

import re

import pytest

from portal.links import reverse
from portal.outbox.worker import work_once
from subscriptions.models import OrderDraft
from tests.customers.conftest import typed
from tests.factories import make_customer, make_membership, make_offer

__all__ = ["typed"]

SUBSCRIPTIONS = "subscriptions:draft_subscriptions"
REVIEW = "subscriptions:draft_review"


@pytest.fixture
def offer(db):
    """An offer for small business: 1 to 300 licenses at 20.60 EUR a month."""
    return make_offer()


@pytest.fixture
def customer(provider, reseller, partnership):
    """A customer that the reseller looks after, with the agreement accepted."""
    return make_customer(provider.organization, reseller.organization, created_by=provider.user)


@pytest.fixture
def staff(provider, browser_of):
    """The browser of the provider's global admin."""
    return browser_of(provider)


@pytest.fixture
def draft(staff, partnership, offer):
    """A draft with the account filled in, by hand, as far as *New subscription*."""
    return begin(staff, reseller=partnership.reference)


@pytest.fixture
def reviewed(staff, draft, offer):
    """The same draft, ready for Review: 25 licenses of the offer."""
    choose(staff, draft, offer, 25)
    draft.refresh_from_db()
    return draft


def begin(browser, **changes):
    """Fill in *New customer* and select *Next: Subscriptions*."""
    response = browser.send("subscriptions:draft_create", data=typed(**changes))
    assert response.status_code == 302, response.context["form"].errors
    return OrderDraft.objects.latest("pk")


def licenses(offer, number):
    return {f"licenses-{offer.pk}": str(number)}


def choose(browser, draft, offer, number, **hidden):
    """Enter licenses and select *Next: Review*."""
    data = licenses(offer, number) | {"next": "review"} | hidden
    return browser.send(SUBSCRIPTIONS, draft.pk, data=data)


def seen(response):
    """The hidden field by which Review knows what the person saw."""
    return re.search(r'name="seen" value="(\w+)"', response.text)[1]


def submit(browser, draft, **data):
    """Open Review and select *Submit*."""
    page = browser.open(REVIEW, draft.pk)
    return browser.send(REVIEW, draft.pk, data={"seen": seen(page), **data})


def address_of(name, *args, of, **query):
    return reverse(name, *args, organization=of.organization, **query)


def do_background_work():
    while work_once():
        pass


@pytest.fixture
def buyer(customer):
    """The customer's global admin."""
    return make_membership(organization=customer.organization)


@pytest.fixture
def vera(buyer, browser_of):
    """The browser of the customer's global admin."""
    return browser_of(buyer)
