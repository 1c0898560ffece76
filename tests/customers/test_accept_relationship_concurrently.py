"""One link, many hands: committed for real, against PostgreSQL."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from customers.models import Customer, RelationshipRequest
from partners.services import remove_partnership
from portal.accounts.roles import Kind
from portal.notices.models import Notice
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.customers.conftest import ticked
from tests.factories import (
    make_membership,
    make_partner,
    make_partnership,
    make_relationship_request,
)

PEOPLE = 10

pytestmark = pytest.mark.django_db(transaction=True)


def press(browser, url, data, barrier, answers):
    try:
        barrier.wait()
        answers.append(browser.post(url, data).status_code)
    finally:
        connection.close()


def race(presses):
    """Post each (browser, url, data) at the same moment; returns the sorted statuses."""
    barrier, answers = Barrier(len(presses)), []
    threads = [Thread(target=press, args=(*each, barrier, answers)) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def set_up(companies, requests):
    with acting(OPERATOR):
        partnership = make_partnership(make_partner(Kind.PROVIDER), make_partner())
        asked = [make_relationship_request(partnership) for _ in range(requests)]
        people = [
            make_membership(organization=make_partner(Kind.CUSTOMER)) for _ in range(companies)
        ]
        urls = [reverse("relationship_request", args=[request.token]) for request in asked]
        return [Browser(person) for person in people], urls, partnership


def copies_of(browser, number):
    copies = [Client() for _ in range(number)]
    for copy in copies:
        copy.cookies = browser.cookies
    return copies


def test_of_many_companies_one_accepts():
    browsers, [url], _ = set_up(PEOPLE, 1)

    answers = race([(browser, url, ticked(browser.membership)) for browser in browsers])

    assert answers == [302] + [410] * (PEOPLE - 1)
    with acting(OPERATOR):
        assert RelationshipRequest.objects.get().organization == Customer.objects.get().organization
        assert Notice.objects.count() == 2  # one for each company that asks


def test_one_person_pressing_often_gets_one_result():
    [browser], [url], _ = set_up(1, 1)
    data = ticked(browser.membership)

    answers = race([(copy, url, data) for copy in copies_of(browser, 6)])

    assert answers == [302] * 6
    with acting(OPERATOR):
        assert Customer.objects.count() == 1
        assert Notice.objects.count() == 2  # one for each company that asks


def test_two_links_of_one_provider_make_one_customer():
    """The second was told something that the first has just changed."""
    [browser], urls, _ = set_up(1, 2)
    data = ticked(browser.membership)

    answers = race(
        [(copy, url, data) for copy, url in zip(copies_of(browser, 2), urls, strict=True)]
    )

    assert answers[0] == 302
    assert answers[1] in {409, 422}
    with acting(OPERATOR):
        assert Customer.objects.count() == 1
        assert RelationshipRequest.objects.filter(status="accepted").count() == 1


def test_accepting_while_the_partnership_is_removed():
    """Whoever is first wins; there is never a customer of partners that were none any more."""
    [browser], [url], partnership = set_up(1, 1)
    barrier, answers = Barrier(2), []

    def remove():
        try:
            with acting(OPERATOR):
                member = make_membership(organization=partnership.provider)
            barrier.wait()
            with acting(partnership.provider.actor):
                remove_partnership(partnership, actor=member, statement_version="2026-01")
        finally:
            connection.close()

    threads = [
        Thread(target=remove),
        Thread(target=press, args=(browser, url, ticked(browser.membership), barrier, answers)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        accepted = RelationshipRequest.objects.filter(status="accepted").exists()
        assert Customer.objects.exists() == accepted == (answers == [302])
    assert answers[0] in {302, 410}


def test_looking_needs_no_right_to_write():
    """Outside of a test's own transaction PostgreSQL itself refuses every write."""
    [browser], [url], _ = set_up(1, 1)

    assert browser.get(url).status_code == 200
    assert browser.get(f"{url}decline/").status_code == 200
    assert Client().get(url).status_code == 200
