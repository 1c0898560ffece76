"""Sessions end after half an hour without anybody there, and after twelve hours in any case."""

import time

import pytest
import time_machine
from django.contrib.sessions.models import Session

from portal import parking
from portal.accounts import session_end
from tests.customers.conftest import typed
from tests.factories import make_membership, make_user

CREATE, LOGIN, MINUTE = "subscriptions:draft_create", "/accounts/login/", 60


@pytest.fixture
def ada(browser_of):
    """Signed in for real at the beginning of an hour that stands still."""
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        user = make_user("ada@nord.test", email="ada@nord.test")
        browser = browser_of(make_membership(user=user))
        browser.clock = clock
        browser.logout()
        sign_in(browser)
        yield browser


def sign_in(browser):
    return browser.post(LOGIN, {"login": "ada@nord.test", "password": "demo"})


def is_signed_in(browser, **extra):
    return browser.get("/accounts/me/", **extra).status_code == 200


def test_half_an_hour_without_activity_ends_it(ada):
    ada.clock.shift(32 * MINUTE)
    answer = ada.get("/accounts/me/")

    assert answer.status_code == 302
    page = ada.get(answer["Location"]).text
    assert "Your session ended after 30 minutes without activity." in page
    assert "ended after" not in ada.get(LOGIN).text  # said once


def test_whoever_is_there_stays(ada):
    for _ in range(12):
        ada.clock.shift(25 * MINUTE)
        assert is_signed_in(ada)


def test_a_day_of_work_ends_it_in_any_case(ada):
    for _ in range(28):
        ada.clock.shift(25 * MINUTE)
        assert ada.post("/accounts/stay/").json()["seconds"] > 0
    ada.clock.shift(25 * MINUTE)
    answer = ada.get("/accounts/me/")

    assert "Your session ended after 12 hours." in ada.get(answer["Location"]).text


def test_a_page_that_asks_by_itself_keeps_nothing_alive(ada):
    for _ in range(3):
        ada.clock.shift(10 * MINUTE)
        assert is_signed_in(ada, headers={session_end.POLLING: "1"})
    ada.clock.shift(2 * MINUTE)
    assert not is_signed_in(ada, headers={session_end.POLLING: "1"})


def test_who_was_seen_is_written_once_a_minute(ada):
    is_signed_in(ada)
    before = Session.objects.get().session_data
    ada.clock.shift(59)
    is_signed_in(ada)
    assert Session.objects.get().session_data == before

    ada.clock.shift(1)
    is_signed_in(ada)
    assert Session.objects.get().session_data != before


def test_stay_signed_in_says_how_long(ada):
    ada.clock.shift(28 * MINUTE)
    assert ada.post("/accounts/stay/").json() == {"seconds": 30 * MINUTE}
    ada.clock.shift(40 * MINUTE)
    assert ada.post("/accounts/stay/").json() == {"seconds": 0}


def test_the_page_knows_when_it_ends(ada):
    ends = int(time.time()) + 12 * 60 * MINUTE
    assert f'data-idle="1800" data-end="{ends}"' in ada.get("/accounts/me/").text
    ada.logout()
    assert "session-end" not in ada.get(LOGIN).text


@pytest.mark.parametrize("minutes", [32, 12 * 60 + 1])
def test_what_was_typed_is_kept(ada, minutes):
    is_signed_in(ada)
    ada.clock.shift(minutes * MINUTE)
    sent = ada.send(CREATE, data=typed(city="Lübeck"))

    page = ada.get(sent["Location"]).text
    assert "Your session ended after" in page and "we kept what you typed" in page
    sign_in(ada)
    assert 'value="Lübeck"' in ada.open(CREATE).text


def test_what_was_typed_is_kept_when_somebody_else_ended_it(ada):
    is_signed_in(ada)
    user = ada.membership.user
    user.set_password("changed by somebody with the right to do so")
    user.save()

    ada.send(CREATE, data=typed(city="Lübeck"))
    assert "city=L" in ada.session[parking.KEY]["typed"]


def test_a_fragment_sends_the_whole_window_to_sign_in(ada):
    page = ada.url("customers:customer_list")
    ada.clock.shift(32 * MINUTE)
    headers = {"HX-Request": "true", "Referer": f"http://testserver{page}"}

    answer = ada.get(page, headers=headers)

    assert answer["HX-Redirect"] == f"{LOGIN}?next={page.replace('/', '%2F')}"
    assert ada.post(ada.url(CREATE), typed(), headers=headers).status_code == 401


def test_signing_in_again_begins_anew(ada):
    ada.clock.shift(11 * 60 * MINUTE)
    sign_in(ada)
    ada.clock.shift(29 * MINUTE)
    assert is_signed_in(ada)


def test_sessions_from_before_get_their_time(ada):
    session = ada.session
    del session[session_end.BEGAN], session[session_end.SEEN]
    session.save()
    assert is_signed_in(ada)
    assert ada.session[session_end.BEGAN] == int(time.time())
