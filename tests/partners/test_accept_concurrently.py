from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from partners import services
from partners.models import Partnership, PartnershipRequest
from portal.accounts.roles import Kind
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import make_membership, make_partner, make_request

PEOPLE = 6
CROWD, ROUNDS = 30, 2  # the full figure, 20 rounds, is what ``benchmarks.races`` runs


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
def test_a_crowd_on_one_link_makes_one_partnership_each_time():
    browsers, urls, data = set_up(CROWD, ROUNDS)

    for number, url in enumerate(urls, start=1):
        # The winner of a round is partner already in the next one: it is not asked again.
        with acting(OPERATOR):
            partners = set(Partnership.objects.values_list("reseller", flat=True))
        pairs = zip(browsers, data, strict=True)
        free = [pair for pair in pairs if pair[0].membership.organization_id not in partners]
        crowd, typed = zip(*free, strict=True)
        answers = race(crowd, [url] * len(crowd), typed)

        assert answers == [302] + [410] * (len(crowd) - 1)
        with acting(OPERATOR):
            assert Partnership.objects.count() == number


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["accept_request", "decline_request"])
def test_a_new_link_made_while_the_answer_is_on_its_way(monkeypatch, verb):
    """The link was right when the page looked, and died before the answer was written."""
    [browser], [url], [data] = set_up(1, 1)
    act = getattr(services, verb)

    def renew():
        with acting(OPERATOR):
            request = PartnershipRequest.objects.get()
            request.renew_link()
            request.save()
        connection.close()

    def too_late(request, **kwargs):
        elsewhere = Thread(target=renew)
        elsewhere.start()
        elsewhere.join()
        return act(request, **kwargs)

    monkeypatch.setattr(services, verb, too_late)
    if verb == "decline_request":
        url, data = f"{url}decline/", {"company": browser.membership.organization.slug}

    assert browser.post(url, data).status_code == 404
    with acting(OPERATOR):
        assert PartnershipRequest.objects.get().status == "sent"
        assert not Partnership.objects.exists()


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
