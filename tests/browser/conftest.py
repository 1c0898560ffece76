"""A real browser in front of the real thing: live server, Celery worker, mail server."""

import os
import shutil

import pytest
import redis
from django.core.management import call_command
from django.db import connection

from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.outbox import tasks as bell
from portal.scope import OPERATOR, acting
from tests.background import celery_worker, free_port, mail_server, own_redis_url
from tests.browser.person import Person, Way
from tests.browser.staff import ANNA, PROVIDER, employ
from tests.browser.words import WORDS

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
CATALOG = ("subscriptions_product", "subscriptions_offer", "subscriptions_offerprice")
PATIENCE = 20_000  # milliseconds until a missing element is a failure


def pytest_collection_modifyitems(items):
    """Without Chromium these tests are reported as skipped, with the command that installs it."""
    if not CHROMIUM:
        reason = "No Chromium found: apt-get install chromium (or set CHROMIUM to its path)"
        for item in items:
            if "tests/browser" in str(item.path):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def chromium():
    # Playwright's loop runs in this thread; the ORM only has to know that we don't mind.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def catalog():
    """``catalog()`` fills the tables of the catalogue: from its files once, then from memory."""
    kept = {}

    def fill():
        with connection.cursor() as cursor:
            for table, rows in kept.items():
                with cursor.copy(f"copy {table} from stdin") as copy:
                    copy.write(rows)
            if not kept:
                call_command("import_catalog", verbosity=0)
                for table in CATALOG:
                    with cursor.copy(f"copy {table} to stdout") as copy:
                        kept[table] = b"".join(copy)

    return fill


@pytest.fixture
def portal(transactional_db, live_server, settings, monkeypatch, catalog):
    """The running portal with offers to sell; gives the mailbox its mails arrive in."""
    settings.PUBLIC_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    settings.ACCOUNT_RATE_LIMITS = False  # the same people walk the road again at once
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    redis.Redis.from_url(own_redis_url()).flushdb()
    with acting(OPERATOR):
        catalog()
    port = free_port()
    with mail_server(port) as mailbox, celery_worker(port):
        yield mailbox


@pytest.fixture
def visitor(chromium, live_server, portal):
    """``visitor(language, javascript)``: a fresh browser window; its complaints fail the test."""
    contexts, complaints = [], []

    def open_window(language="en", javascript=True, **options):
        context = chromium.new_context(
            base_url=live_server.url,
            locale=language,
            java_script_enabled=javascript,
            viewport={"width": 1360, "height": 860},
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("console", lambda message: _complain(message, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(params=[Way("en", True), Way("de", False)], ids=["en-True", "de-False"])
def way(request):
    return request.param


@pytest.fixture
def somebody(visitor, way):
    """``somebody()``: a person in front of a fresh browser window of the way that is walked."""
    return lambda **options: Person(visitor(*way, **options), WORDS[way.language], way)


@pytest.fixture
def signed_in(somebody):
    """``signed_in(login)``: that person, signed in, in a window of their own."""

    def sign_in(login, **options):
        person = somebody(**options)
        person.signs_in(login)
        return person

    return sign_in


@pytest.fixture
def nordwind(portal, way):
    """The provider whose global admin is Anna."""
    employ(ANNA, PROVIDER, way.language, kind=Kind.PROVIDER)
    with acting(OPERATOR):
        return Organization.objects.get(name=PROVIDER)


# What we ask for ourselves: answers 4xx, and htmx requests cut short by going elsewhere.
EXPECTED = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")


def _complain(message, complaints):
    """Errors of scripts and refusals of the Content-Security-Policy."""
    if message.type == "error" and not message.text.startswith(EXPECTED):
        complaints.append(message.text)
