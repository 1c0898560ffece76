"""What is said when something can't be done: what it is, and the way out."""

import logging
import re

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg import errors

from portal.accounts import views
from portal.accounts.roles import Kind, Role
from portal.references import encode
from subscriptions.views import home
from tests.conftest import Browser
from tests.factories import make_customer, make_membership, make_partner

DETAIL = "customers:customer_detail"


@pytest.fixture
def elsewhere(provider):
    """Another provider where the same person works."""
    organization = make_partner(Kind.PROVIDER, name="Nordwind Schweiz")
    return make_membership(Role.SALES_AGENT, organization=organization, user=provider.user)


def test_what_is_not_there_can_be_searched_for(browser_of, provider):
    browser = browser_of(provider)

    page = browser.open(DETAIL, 999_999)

    reference = encode("C", 999_999)
    assert page.status_code == 404
    assert f"We can't find {reference} here" in page.text
    assert f'name="q" id="search" value="{reference}"' in page.text
    assert f'action="{browser.url("customers:customer_list")}"' in page.text


def test_a_mistyped_reference_is_looked_for_as_it_was_typed(browser_of, provider):
    browser = browser_of(provider)

    page = browser.get(browser.url("customers:customer_list") + "c-000000/")

    assert page.status_code == 404 and 'value="C-000000"' in page.text


def test_what_belongs_to_ones_other_organization_can_be_opened(browser_of, provider, elsewhere):
    customer = make_customer(elsewhere.organization)
    browser = browser_of(provider)

    page = browser.get(browser.url(DETAIL, customer.pk) + "?tab=1")

    assert page.status_code == 404
    assert "It belongs to Nordwind Schweiz." in page.text
    link = re.search(r'href="([^"]+)">Switch and open', page.text)[1]
    assert link.startswith(f"/o/{elsewhere.organization.slug}/") and link.endswith("?tab=1")
    assert browser.get(link, follow=True).status_code == 200


def test_nothing_is_said_of_what_others_have(browser_of, provider, elsewhere, outsider):
    browser = browser_of(provider)
    theirs = make_customer(outsider.organization)

    pages = [browser.open(DETAIL, pk) for pk in (theirs.pk, theirs.pk + 1000)]

    texts = [
        page.text.replace(encode("C", pk), "it")
        for page, pk in zip(pages, (theirs.pk, theirs.pk + 1000), strict=True)
    ]
    assert [page.status_code for page in pages] == [404, 404]
    assert [re.sub(r"\w{64}", "", text) for text in texts][0] == re.sub(r"\w{64}", "", texts[1])


def test_where_one_has_no_role_nothing_is_found(browser_of, provider, elsewhere):
    elsewhere.roles = []
    elsewhere.save()
    customer = make_customer(elsewhere.organization)

    assert "It belongs to" not in browser_of(provider).open(DETAIL, customer.pk).text


@pytest.mark.parametrize("rest", ["nowhere/", "customers/C-<script>/", "X-123456/", "e-mails/"])
def test_other_addresses_are_just_not_found(browser_of, provider, rest):
    browser = browser_of(provider)

    page = browser.get(browser.url("subscriptions:home") + rest)

    assert page.status_code == 404
    assert "<script>" not in page.text and 'id="search"' not in page.text


def test_a_customer_is_not_sent_to_lists_it_has_not(browser_of):
    member = make_membership(organization=make_partner(Kind.CUSTOMER))

    page = browser_of(member).get(browser_of(member).url("subscriptions:home") + "x/C-7K3QX2/")

    assert "C-7K3QX2" in page.text and 'id="search"' not in page.text


@pytest.fixture
def broken(monkeypatch):
    """``broken(error)``: from now on Home fails with it."""

    def breaks(error):
        def fail(membership, **kwargs):
            raise error

        monkeypatch.setattr(home, "home_of", fail)

    return breaks


def angry(provider):
    browser = Browser(provider)
    browser.raise_request_exception = False
    return browser


def test_a_failure_has_a_reference_that_is_in_the_log(provider, broken, caplog):
    broken(RuntimeError("secret inside"))

    with caplog.at_level(logging.ERROR):
        page = angry(provider).open("subscriptions:home")

    reference = re.search(r'class="mono">([0-9A-Z]{4}-[0-9A-Z]{4})<', page.text)[1]
    assert page.status_code == 500
    assert page.headers["X-Request-ID"] == reference
    assert reference in caplog.text and "secret inside" not in page.text
    assert f"?subject={reference}" in page.text and "Try again" in page.text


@pytest.mark.parametrize(
    "language,words", [("en", "on our side"), ("de", "Bei uns ist etwas fehlgeschlagen")]
)
def test_a_failure_speaks_the_browsers_language(provider, broken, language, words):
    broken(RuntimeError())
    browser = angry(provider)

    page = browser.get(browser.url("subscriptions:home"), HTTP_ACCEPT_LANGUAGE=language)

    assert words in page.text and f'<html lang="{language}"' in page.text


def test_a_failure_asks_the_database_nothing(client, monkeypatch, django_assert_num_queries):
    def fail(request):
        raise RuntimeError

    monkeypatch.setattr(views, "render", lambda *args: fail(None))
    client.raise_request_exception = False

    page = client.get("/")  # no database is allowed here at all

    assert page.status_code == 500 and page.headers["Content-Security-Policy"]


def gone(cause):
    error = OperationalError("connection failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "cause,status",
    [
        (errors.OperationalError("could not connect"), 503),
        (errors.AdminShutdown("terminating"), 503),
        (errors.TooManyConnections("sorry"), 503),
        (errors.QueryCanceled("too slow"), 500),
    ],
)
def test_without_the_database_it_is_closed_for_a_moment(provider, broken, cause, status):
    broken(gone(cause))

    page = angry(provider).open("subscriptions:home")

    assert page.status_code == status
    assert (page.headers.get("Retry-After") == "30") == (status == 503)


@pytest.fixture
def strict(provider):
    """The browser of the provider's global admin, whose forms have grown too old."""
    browser = Browser(provider, enforce_csrf_checks=True)
    browser.get("/accounts/me/")
    return browser


FORM = "partners:identifier_add"
TYPED = {"mpn_id": "4847383", "csrfmiddlewaretoken": "old", "secret": "tiger"}


def test_what_was_typed_into_an_old_form_is_kept(strict):
    url = strict.url(FORM)

    refused = strict.post(url, TYPED, headers={"Origin": "http://testserver"})

    assert refused.status_code == 403 and "We kept what you typed" in refused.text
    assert f'href="{url}"' in refused.text
    page = strict.get(url)
    assert 'value="4847383"' in page.text and "tiger" not in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/"},
        {"Origin": "https://evil.example", "Referer": "http://testserver/"},
        {"Referer": "/o/x/"},
    ],
)
def test_what_others_send_is_not_kept(strict, headers):
    url = strict.url(FORM)

    refused = strict.post(url, TYPED, headers=headers)

    assert refused.status_code == 403 and "We kept" not in refused.text
    assert "4847383" not in strict.get(url).text


def test_nothing_is_kept_of_visitors(db):
    client = Client(enforce_csrf_checks=True)

    refused = client.post("/enroll/", {"a": "b"}, headers={"Origin": "http://testserver"})

    assert refused.status_code == 403 and "We kept" not in refused.text


def test_too_much_at_once_is_413(provider, browser_of, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    page = browser_of(provider).send("subscriptions:first_steps", data={"hide": "y" * 100})

    assert page.status_code == 413


def test_too_many_tries_are_told_when_the_next_one_is_possible(provider, browser_of, settings):
    settings.ACCOUNT_RATE_LIMITS = {"manage_email": "1/m/user"}
    browser = browser_of(provider)

    pages = [browser.post("/accounts/email/", {"email": "x"}) for _ in range(2)]

    assert pages[1].status_code == 429
    assert re.search(r"The next try is possible at \d\d:\d\d", pages[1].text)
    assert pages[1]["Retry-After"] == "60"
