from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from partners.models import Partnership, PartnershipRequest
from portal.accounts.roles import Kind
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import make_membership, make_partner, make_request

PEOPLE = 6


def press(browser, url, data, barrier, answers):
    try:
        barrier.wait()
        answers.append(browser.post(url, data).status_code)
    finally:
        connection.close()


def race(browsers, urls, data):
    barrier, answers = Barrier(len(browsers)), []
    threads = [
        Thread(target=press, args=(browser, url, fields, barrier, answers))
        for browser, url, fields in zip(browsers, urls, data, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def set_up(companies, requests):
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER)
        invited = [make_request(provider) for _ in range(requests)]
        people = [make_membership(organization=make_partner()) for _ in range(companies)]
        numbers = [person.organization.mpn_accounts.get().mpn_id for person in people]
        browsers = [Browser(person) for person in people]
    urls = [reverse("invitation", args=[request.token]) for request in invited]
    return browsers, urls, [{"location": number, "authorized": "on"} for number in numbers]


@pytest.mark.django_db(transaction=True)
def test_of_many_companies_one_accepts():
    browsers, [url], data = set_up(PEOPLE, 1)

    answers = race(browsers, [url] * PEOPLE, data)

    assert answers == [302] + [410] * (PEOPLE - 1)
    with acting(OPERATOR):
        assert Partnership.objects.count() == 1
        assert OutboxMessage.objects.count() == 1
        assert PartnershipRequest.objects.get().reseller == Partnership.objects.get().reseller


@pytest.mark.django_db(transaction=True)
def test_one_person_pressing_often_gets_one_result():
    [browser], [url], [data] = set_up(1, 1)
    browsers = [Client() for _ in range(PEOPLE)]
    for copy in browsers:
        copy.cookies = browser.cookies

    answers = race(browsers, [url] * PEOPLE, [data] * PEOPLE)

    assert answers == [302] * PEOPLE
    with acting(OPERATOR):
        assert Partnership.objects.count() == 1
        assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_links_accepted_at_once_make_one_partnership():
    [browser], urls, [data] = set_up(1, 2)
    second = Client()
    second.cookies = browser.cookies

    answers = race([browser, second], urls, [data, data])

    assert answers[0] == 302
    assert answers[1] in {409, 422}
    with acting(OPERATOR):
        assert Partnership.objects.count() == 1
        assert PartnershipRequest.objects.filter(status="accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_looking_needs_no_right_to_write():
    """Outside of a test's own transaction PostgreSQL itself refuses every write."""
    [browser], [url], _data = set_up(1, 1)

    assert browser.get(url).status_code == 200
    assert browser.get(f"{url}decline/").status_code == 200
    assert Client().get(url).status_code == 200
