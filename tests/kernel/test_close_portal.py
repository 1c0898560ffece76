"""Maintenance: announced on every page, then the portal is closed, then open again by itself."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from portal import environment
from portal.accounts.models import User

WINDOW = "2026-12-05T22:00+01:00/2026-12-05T23:30+01:00"
START, END = map(datetime.fromisoformat, WINDOW.split("/"))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def planned(settings):
    settings.MAINTENANCE = (START, END)


@pytest.mark.parametrize(
    "moment,announced",
    [
        (START - timedelta(hours=25), False),
        (START - timedelta(hours=23), True),
        (START - MINUTE, True),
        (END, False),
    ],
)
def test_everybody_is_told_beforehand(planned, client, moment, announced):
    with time_machine.travel(moment, tick=False):
        page = client.get(reverse("account_login"))

    words = "Closed for maintenance from 5 Dec 2026, 22:00 (CET) to 5 Dec 2026, 23:30 (CET)."
    assert page.status_code == 200 and (words in page.text) == announced


def test_the_time_is_told_as_the_reader_knows_it(planned, browser_of, provider):
    User.objects.filter(pk=provider.user_id).update(time_zone="Asia/Tokyo")
    with time_machine.travel(START - timedelta(hours=2), tick=False):
        browser = browser_of(provider)
        browser.cookies["django_language"] = "de"
        page = browser.open("subscriptions:home")

    words = "von 6.\u00a0Dez. 2026, 06:00 (JST) bis 6.\u00a0Dez. 2026, 07:30 (JST) wegen Wartung"
    assert words in page.text


def test_closed_means_closed(planned, client):
    """No page is asked, and no database (which this test has not)."""
    with time_machine.travel(END - timedelta(minutes=90), tick=False):
        answers = [client.get("/"), client.post("/o/nordwind/customers/new/", {"name": "typed"})]

    for page in answers:
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5400")
        assert "opens again on 5 Dec 2026, 23:30 (UTC+01:00)" in page.text
        assert page.headers["Content-Security-Policy"]
    assert ["What you typed" in page.text for page in answers] == [False, True]


def test_whoever_watches_the_portal_still_can(planned, client):
    with time_machine.travel(START + MINUTE, tick=False):
        assert client.get("/healthz").status_code == 200


def test_static_files_are_there_for_the_page_that_says_so(planned, client):
    with time_machine.travel(START + MINUTE, tick=False):
        assert client.get("/static/css/base.css").status_code == 200


def test_it_is_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("MAINTENANCE", f" {WINDOW} ")
    assert environment.interval("MAINTENANCE") == (START, END)
    monkeypatch.setenv("MAINTENANCE", "")
    assert environment.interval("MAINTENANCE") is None


@pytest.mark.parametrize(
    "wrong",
    [
        "tonight",
        WINDOW[:22],
        "2026-12-05T22:00/2026-12-05T23:00",
        "/".join(WINDOW.split("/")[::-1]),
    ],
)
def test_a_wrong_interval_stops_the_start(monkeypatch, wrong):
    monkeypatch.setenv("MAINTENANCE", wrong)
    with pytest.raises(ImproperlyConfigured, match="must be a start and an end like 2026"):
        environment.interval("MAINTENANCE")
