"""The named world of the tests, and browsers for the people in it."""

import re
from contextlib import ExitStack, contextmanager
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.cache import caches
from django.core.management.color import no_style
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import (
    CaptureQueriesContext,
    override_settings,
    setup_databases,
    teardown_databases,
)
from django.utils import timezone, translation

from portal.accounts.management.commands.flush import tables_to_empty
from portal.accounts.roles import Kind
from portal.celery import app
from portal.environment import celery_broker
from portal.links import reverse
from portal.scope import OPERATOR, acting, connected_as
from portal.translations import compile_translations
from tests.background import own_redis_url
from tests.factories import make_membership, make_partner, make_partnership
from tests.shared import shared

OF_THE_MODELS = {"django_content_type", "auth_permission"}


def pytest_sessionstart():
    compile_translations()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """Test databases are made by the login itself; the tests then run as the weak role."""
    with django_db_blocker.unblock():
        with connected_as(None):
            databases = setup_databases(0, interactive=False, serialized_aliases=[])
        yield
        with connected_as(None):
            _end_other_sessions()
            teardown_databases(databases, verbosity=0)


@pytest.fixture(autouse=True, scope="session")
def quick_emptying():
    """After a test that commits, what migrations made of the models may stay: it is the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: _empty_tables())
        yield


def _empty_tables():
    tables = set(connection.introspection.django_table_names(only_existing=True))
    with tables_to_empty():
        statements = connection.ops.sql_flush(no_style(), tables - OF_THE_MODELS)
        connection.ops.execute_sql_flush(statements)


def _end_other_sessions():
    """A process that a test has killed may not have hung up yet: nobody could drop the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid() "
            "and backend_type = 'client backend'"  # the server's own workers end by themselves
        )


@pytest.fixture(autouse=True, scope="session")
def own_bell():
    """Each test process rings for its own workers."""
    app.conf.broker_url = celery_broker(own_redis_url())


@pytest.fixture(autouse=True)
def operator_scope(request):
    """Test code itself looks with an operator's eyes; each request enters its own scope.

    Not in transactional tests: what they write must be committed, so they enter it themselves.
    """
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        assert not connection.in_atomic_block, "what its module shares keeps it from committing"
        yield
    elif marker or "db" in request.fixturenames:
        request.getfixturevalue("db")
        with acting(OPERATOR):
            yield
    else:
        yield


@contextmanager
def as_readers():
    """It is the same day for tests as for the people whose pages they read, at midnight too.

    And none begins with the language of the last page that the one before it read.
    """
    with timezone.override(ZoneInfo("Europe/Berlin")), translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def readers_zone_and_language():
    with as_readers():
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_passwords():
    """Hashing slowly is for attackers' sake, not for the tests'."""
    hashers = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "portal.accounts.hashers.TemporaryPasswordHasher",
    ]
    with override_settings(PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(autouse=True, scope="session")
def static_files_on_demand():
    """As while developing. Finding all of them first took each Client longer than its requests."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker):
    """``once(make)``: what ``make()`` returns, for all tests of a module; none may commit.

    What a test does to the rows is undone after it; of the objects it takes a ``deepcopy``.
    """
    with ExitStack() as stack:

        def make_once(make):
            with django_db_blocker.unblock(), as_readers():
                return stack.enter_context(shared(make))

        yield make_once
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture(autouse=True)
def fresh_cache(monkeypatch):
    """Nobody is slowed down by what an earlier test tried too often."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid4().hex)


FOR_GOOD = 10**11  # seconds since 1970: confirmed, whatever time a test travels to


def confirm(client, user, at=FOR_GOOD):
    """As if ``user``, who is signed in there, had given their password ``at`` that time."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


class Browser(Client):
    """A signed-in browser that knows its organization's addresses, and was just confirmed."""

    def __init__(self, membership, **kwargs):
        super().__init__(**kwargs)
        self.membership = membership
        self.force_login(membership.user, backend="portal.accounts.backends.AccountBackend")
        self.confirm()

    def confirm(self, at=FOR_GOOD):
        """As if the person had given their password ``at`` that time."""
        confirm(self, self.membership.user, at)

    def forget_confirmation(self):
        """As if they had signed in long ago: sensitive pages ask for the password again."""
        self.confirm(at=0)

    def url(self, name, *args, **query):
        return reverse(name, *args, organization=self.membership.organization, **query)

    def open(self, name, *args, **query):
        return self.get(self.url(name, *args, **query))

    def send(self, name, *args, data=None, **extra):
        return self.post(self.url(name, *args), data or {}, **extra)


@pytest.fixture
def browser_of(db):
    """``browser_of(membership)``: that person's browser."""
    return Browser


@pytest.fixture
def provider(db):
    """Global admin of an indirect provider."""
    return make_membership(organization=make_partner(Kind.PROVIDER, name="Nordwind Distribution"))


@pytest.fixture
def reseller(db):
    """Global admin of an enrolled indirect reseller whose agreement is signed."""
    return make_membership(organization=make_partner(Kind.RESELLER, name="Kessler IT-Systemhaus"))


@pytest.fixture
def outsider(db):
    """Another provider's global admin: powerful at home, nobody here."""
    return make_membership(organization=make_partner(Kind.PROVIDER, name="Südstern Cloud"))


@pytest.fixture
def stranger(db):
    """Another reseller's global admin, partner of nobody."""
    return make_membership(organization=make_partner(Kind.RESELLER, name="Alpina Cloud Services"))


@pytest.fixture
def partnership(provider, reseller):
    """The active partnership of ``provider`` and ``reseller``."""
    return make_partnership(provider.organization, reseller.organization)


def questions(browser, url):
    """What a look at ``url`` asks the database, without the values: its shape."""
    with CaptureQueriesContext(connection) as queries:
        browser.get(url)
    return [re.sub(r"'[^']*'|\"s\d+_x\d+\"", "?", query["sql"]) for query in queries]
