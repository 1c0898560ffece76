"""A password that was shown once is nowhere afterwards: whatever the person presses next."""

import logging

import pytest
import redis
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from playwright.sync_api import expect

from customers.models import AdminAccount
from portal.accounts.models import User
from portal.accounts.roles import Kind
from portal.scope import OPERATOR, acting
from tests.background import own_redis_url, wait_for
from tests.browser.test_accessibility import fill_in
from tests.customers.conftest import add_customer
from tests.factories import make_membership, make_partner, make_person, make_user

PASSWORD = "correct horse battery"
STORED = """() => JSON.stringify([
  Object.entries(localStorage), Object.entries(sessionStorage), history.state, document.cookie,
  window.name, location.href, document.documentElement.outerHTML,
  [...document.querySelectorAll("input")].map((input) => input.value),
])"""
DATABASES = 16


@pytest.fixture
def customer(portal):
    """A customer whose admin account is ready, and whose password Anna may reset."""
    with acting(OPERATOR):
        provider = make_partner(Kind.PROVIDER, name="Nordwind Distribution", slug="nordwind")
        anna = make_user("anna@nordwind.test", PASSWORD, language="en", first_name="Anna")
        member = make_membership(organization=provider, user=anna)
        added = add_customer(member)

    def is_ready():
        with acting(OPERATOR):
            return AdminAccount.objects.get(customer=added).status == "provisioned"

    wait_for(is_ready)
    return added


@pytest.fixture
def page(visitor, customer):
    """Anna's browser window, with a page of the history behind it."""
    page = visitor()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("anna@nordwind.test")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.button--primary").click()
    page.wait_for_url("**/o/nordwind/**")
    return page


def of_the_admin(page, customer):
    """*Reset admin password*, by hand from the account."""
    page.goto(f"/o/nordwind/customers/{customer.reference}/account/")
    page.get_by_role("link", name="Reset admin password").click()
    page.locator("dialog").get_by_role("button", name="Reset admin password").click()
    return shown_once(page), f"admin@{customer.domain}"


def of_a_user(page, customer):
    """*Reset password* of somebody else at the customer."""
    with acting(OPERATOR):
        person = make_person(customer.organization)
    page.goto(f"/o/nordwind/customers/{customer.reference}/users/{person.reference}/")
    page.get_by_role("link", name="Reset password").click()
    page.get_by_role("button", name="Reset password").last.click()
    return shown_once(page), person.account_name


def of_a_new_customer(page, customer):
    """*Setup info* after *Submit*; ``customer`` is another one."""
    page.goto("/o/nordwind/customers/new/")
    page.locator("[name=reseller]").select_option(label="No indirect reseller")
    fill_in(page)
    page.get_by_role("button", name="Next: Subscriptions").click()
    page.wait_for_url("**/subscriptions/")
    page.locator("#offers tbody input").first.fill("25")
    page.get_by_role("button", name="Next: Review").click()
    page.wait_for_url("**/review/")
    page.locator("main").get_by_role("button", name="Submit").click()
    return shown_once(page), "admin@albrecht.onportal.example"


def shown_once(page):
    """The password on the page."""
    shown = page.locator("#temporary-password")
    expect(shown).to_be_visible()
    expect(shown).not_to_have_value("")
    return shown.input_value()


def done(page):
    page.get_by_role("link", name="Customers", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Customers")


def back(page):
    page.go_back()


def back_and_forward(page):
    page.go_back()
    page.wait_for_load_state()
    page.go_forward()


def done_and_back(page):
    done(page)
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("#setup-info")).to_be_visible()


def reload(page):
    page.reload()


def elsewhere_and_back(page):
    """To a page that is no page of the portal: the browser may keep ours as it was."""
    page.goto("about:blank")
    page.go_back()


def whole_database():
    """Every row of every table, as text, seen by its owner: what a dump would hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select tablename, tableowner from pg_tables where schemaname = 'public'")
        for table, owner in cursor.fetchall():
            cursor.execute(f'set local role "{owner}"')
            cursor.execute(f'select t::text from "{table}" t')
            yield from (f"{table}: {row}" for (row,) in cursor.fetchall())


def whole_redis():
    """Every key of every database, with its value as Redis keeps it."""
    address = own_redis_url().partition("?")[0]
    for number in range(DATABASES):
        mine = f"{address}?db={number}" if address.startswith("unix") else None
        url = mine or f"{address.rpartition('/')[0]}/{number}"
        server = redis.Redis.from_url(url)
        for key in server.scan_iter(count=1000):
            yield f"{key!r}: {server.dump(key)!r}"


def keeping(password, texts):
    found = (password, password.replace("-", ""))
    return [text[:120] for text in texts if any(each in text for each in found)]


EVERY_WAY = [done, back, back_and_forward, done_and_back, reload, elsewhere_and_back]


@pytest.mark.parametrize(
    ("reveal", "leave"),
    [
        *((of_the_admin, leave) for leave in EVERY_WAY),
        *((reveal, leave) for reveal in (of_a_user, of_a_new_customer) for leave in EVERY_WAY[3:]),
    ],
)
def test_nobody_and_nothing_keeps_it(page, customer, portal, caplog, reveal, leave):
    caplog.set_level(logging.DEBUG)
    password, account = reveal(page, customer)
    assert keeping(password, [page.evaluate(STORED)])  # the search does find it while it is there

    leave(page)
    page.wait_for_load_state("networkidle")

    assert keeping(password, [page.evaluate(STORED)]) == []
    held = list(whole_database())
    assert keeping(password, held) == [] and keeping(account, held)
    # Sessions are encrypted: what the portal itself could read of them counts.
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    assert sessions and keeping(password, sessions) == []
    assert keeping(password, whole_redis()) == []
    assert keeping(password, [mail.as_string() for mail in portal.mails]) == []
    assert keeping(password, [caplog.text]) == []
    # It was a real one: the account has exactly this password.
    with acting(OPERATOR):
        assert User.objects.get(username=account).check_password(password)


def test_walking_through_the_whole_history_finds_nothing(page, customer):
    """There and back again, as often as the browser can, and in a second tab of the session."""
    password, _account = of_the_admin(page, customer)
    address = page.url
    done(page)
    seen = []
    for _step in range(4):
        page.go_back()
        page.wait_for_load_state("networkidle")
        seen.append(page.evaluate(STORED))
    for _step in range(4):
        page.go_forward()
        page.wait_for_load_state("networkidle")
        seen.append(page.evaluate(STORED))
    other = page.context.new_page()
    other.goto(address)
    other.wait_for_load_state("networkidle")
    seen.append(other.evaluate(STORED))

    assert any("The password can't be shown again." in text for text in seen)
    assert keeping(password, seen) == []


def test_the_browser_keeps_no_copy_on_disk_or_in_caches(page, customer):
    """Neither the cache of the browser nor that of a service worker has the page."""
    password, _account = of_the_admin(page, customer)
    reload(page)

    names = page.evaluate("async () => (await caches.keys()).join()")
    workers = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length")
    assert (names, workers) == ("", 0)
    cached = page.evaluate(
        "async (url) => { try { return await (await fetch(url, {cache: 'only-if-cached', "
        "mode: 'same-origin'})).text() } catch { return '' } }",
        page.url,
    )
    assert keeping(password, [cached]) == []
