"""A list page costs the same few queries whatever the number of its rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from partners.models import Partnership
from portal.accounts.roles import Kind
from portal.audit.services import record
from tests.conftest import Browser
from tests.factories import (
    make_customer,
    make_license_request,
    make_membership,
    make_message,
    make_offer,
    make_order,
    make_order_request,
    make_partner,
    make_partnership,
    make_relationship_request,
    make_request,
    make_subscription,
    make_tag,
)

MOST = 6
ENDED = {"status": "removed", "removed_at": now(), "statement_version": "2026-01"}
LISTS = {
    Kind.PROVIDER: [
        "partners:reseller_list",
        "partners:reseller_list?view=pending",
        "partners:reseller_list?view=ended",
        "partners:reseller_list?q=nobody",
        "customers:customer_list",
        "customers:customer_list?q=customer&status=all&support=provider&per=100",
        "customers:relationship_list",
        "customers:grant_list",
        "subscriptions:subscription_list",
        "subscriptions:order_list",
        "subscriptions:price_list",
        "subscriptions:license_request_list",
        "subscriptions:order_request_list",
        "audit:entry_list",
        "outbox:message_list",
    ],
    Kind.RESELLER: [
        "partners:provider_list",
        "customers:customer_list",
        "customers:relationship_list",
        "customers:grant_list",
        "subscriptions:subscription_list",
        "subscriptions:license_request_list",
        "subscriptions:order_request_list",
        "audit:entry_list",
        "outbox:message_list",
    ],
}


def add_rows(provider, reseller, number):
    offer = make_offer()
    both = Partnership.objects.get(provider=provider, reseller=reseller)
    for _ in range(number):
        make_offer()
        customer = make_customer(provider, reseller)
        make_license_request(make_subscription(customer, offer))
        make_order_request(customer, offer)
        make_tag(customer)
        make_order(customer)
        make_message(provider)
        make_message(reseller)
        make_relationship_request(both, organization=customer.organization)
        make_partnership(provider, make_partner(Kind.RESELLER))
        make_partnership(provider, make_partner(Kind.RESELLER), **ENDED)
        make_message(provider, key=make_request(provider).delivery_key)
        make_partnership(make_partner(Kind.PROVIDER), reseller)
        record("customer.added", actor=None, target=customer)


def queries_of(browser, name):
    """The reading queries of a page; opening and closing the transaction are not among them."""
    name, _, query = name.partition("?")
    url = f"{browser.url(name)}?{query}"
    browser.get(url)  # what is looked up once per process is known now
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(url).status_code == 200
    statements = [query["sql"] for query in captured]
    return [sql for sql in statements if "SAVEPOINT" not in sql and sql not in {"BEGIN", "COMMIT"}]


@pytest.mark.parametrize("kind", LISTS)
def test_home_costs_the_same_whatever_there_is(db, kind):
    """Its numbers come in one query."""
    provider, reseller = make_partner(Kind.PROVIDER), make_partner(Kind.RESELLER)
    make_partnership(provider, reseller)
    home = provider if kind == Kind.PROVIDER else reseller
    browser = Browser(make_membership(organization=home))
    add_rows(provider, reseller, 2)
    few = queries_of(browser, "subscriptions:home")
    add_rows(provider, reseller, 10)
    many = queries_of(browser, "subscriptions:home")

    assert len(many) == len(few) <= 16, "\n".join(many)


@pytest.mark.parametrize("kind,name", [(kind, name) for kind in LISTS for name in LISTS[kind]])
def test_rows_cost_no_queries(db, kind, name):
    provider, reseller = make_partner(Kind.PROVIDER), make_partner(Kind.RESELLER)
    make_partnership(provider, reseller)
    home = provider if kind == Kind.PROVIDER else reseller
    browser = Browser(make_membership(organization=home))
    add_rows(provider, reseller, 2)
    few = queries_of(browser, name)
    add_rows(provider, reseller, 20)
    many = queries_of(browser, name)

    assert len(many) == len(few)
    # Leaving a scope inside the test's own transaction costs a statement that a real request
    # doesn't have.
    assert len(many) - 1 <= MOST, "\n".join(many)
