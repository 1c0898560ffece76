"""The list of users costs the same queries whatever the number of users and licenses."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.roles import Role
from tests.conftest import Browser
from tests.factories import (
    make_assignment,
    make_customer,
    make_grant,
    make_membership,
    make_person,
    make_subscription,
)

# What every list asks (session, person, scope, rows with their count) and, for this one: the
# customer and the grant, its subscriptions, the numbers of deleted and of invited users, the rows'
# licenses.
MOST = 10


def queries_of(browser, url):
    browser.get(url)  # what is looked up once per process is known now
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    statements = [query["sql"] for query in captured]
    return [sql for sql in statements if "SAVEPOINT" not in sql and sql not in {"BEGIN", "COMMIT"}]


@pytest.mark.parametrize("side", ["provider", "customer"])
@pytest.mark.parametrize("view", ["", "deleted"])
def test_rows_cost_no_queries(provider, side, view):
    customer = make_customer(provider.organization)
    make_grant(customer)
    own = make_membership(Role.USER_ADMIN, organization=customer.organization)
    browser = Browser(provider if side == "provider" else own)
    name, first = ("user_list", [customer.pk]) if side == "provider" else ("own_user_list", [])
    url = browser.url(f"subscriptions:{name}", *first, view=view)
    subscription = make_subscription(customer, quantity=100)

    def add(number):
        for _ in range(number):
            make_assignment(subscription, make_person(customer.organization))

    add(2)
    few = queries_of(browser, url)
    add(20)
    many = queries_of(browser, url)

    assert len(many) == len(few)
    assert len(many) - 1 <= MOST, "\n".join(many)
