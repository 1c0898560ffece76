"""Setup info is shown once: to whoever asked for the account, in the session in which they did."""

import json
import re
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from django.utils.translation import get_language

from customers.models import AdminAccount
from customers.provisioning import NAME_TAKEN
from customers.services import reveal_setup_info
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.customers.conftest import add_customer, allowed, do_background_work
from tests.factories import make_membership, make_partnership, make_user

HTMX = {"HTTP_HX_REQUEST": "true"}
ATTEMPTS = 40
PASSWORD = re.compile(r'id="temporary-password" value="([^"]*)"')


def look(browser, customer, **extra):
    return browser.get(browser.url("customers:setup_info", customer.pk), **extra)


def reveal(browser, customer, **extra):
    return browser.send("customers:setup_info_reveal", customer.pk, **extra)


def password_in(response):
    found = PASSWORD.search(response.text)
    return found[1] if found else None


def test_the_page_waits_while_the_account_is_being_set_up(submitter, customer):
    response = look(submitter, customer)

    assert 'hx-trigger="every 2s"' in response.text
    assert '<noscript><meta http-equiv="refresh" content="2">' in response.text
    assert submitter.url("customers:setup_info", customer.pk) in response.text


def test_a_fragment_never_reloads_the_page_it_is_put_into(submitter, customer):
    response = look(submitter, customer, **HTMX)

    assert response.text.lstrip().startswith("<section")
    assert "refresh" not in response.text


def test_opening_it_before_it_is_ready_changes_nothing(submitter, customer):
    response = reveal(submitter, customer, **HTMX)

    assert response.status_code == 200
    assert 'hx-trigger="every 2s"' in response.text
    customer.admin_account.refresh_from_db()
    assert customer.admin_account.status == AdminAccount.Status.PENDING


def test_as_soon_as_it_is_ready_it_opens_by_itself_or_by_a_button(submitter, provisioned):
    response = look(submitter, provisioned)

    reveal_url = submitter.url("customers:setup_info_reveal", provisioned.pk)
    assert f'hx-post="{reveal_url}" hx-trigger="load"' in response.text
    assert f'method="post" action="{reveal_url}"' in response.text
    assert "Show setup info" in response.text


def test_looking_shows_and_changes_nothing(submitter, provisioned):
    for _time in range(3):
        assert password_in(look(submitter, provisioned)) is None
    provisioned.admin_account.refresh_from_db()
    assert provisioned.admin_account.status == AdminAccount.Status.PROVISIONED


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_the_password_is_shown_and_works(submitter, provisioned, extra):
    response = reveal(submitter, provisioned, **extra)

    password = password_in(response)
    assert re.fullmatch(r"([A-HJ-NP-Za-km-np-z2-9]{4}-){3}[A-HJ-NP-Za-km-np-z2-9]{4}", password)
    assert "admin@vogeloptik.onportal.example" in response.text
    assert "data-secret" in response.text
    user = User.objects.get(username="admin@vogeloptik.onportal.example")
    assert user.check_password(password)
    assert user.must_change_password
    assert user.temporary_password_until > now()


def test_the_text_to_send_is_in_the_customers_language(
    submitter, provisioned, settings, monkeypatch
):
    monkeypatch.setattr("customers.handover._", lambda text: f"[{get_language()}] {text}")

    response = reveal(submitter, provisioned)

    assert "[de] Account name: admin@vogeloptik" in response.text
    assert "[en] Admin user account name" in response.text
    assert f"{settings.PUBLIC_URL}/accounts/login/" in response.text


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_nothing_keeps_or_passes_on_the_page(submitter, provisioned, extra):
    url = submitter.url("customers:setup_info", provisioned.pk)
    for response in (
        look(submitter, provisioned, **extra),
        reveal(submitter, provisioned, HTTP_REFERER=url, **extra),
        look(submitter, provisioned, **extra),
    ):
        assert response["Cache-Control"] == "no-store"
        # Other sites are told nothing, and our own forms keep the origin they are checked by.
        assert response["Referrer-Policy"] == "same-origin"
        assert 'hx-history="false"' in response.text


def test_it_is_recorded_without_the_secret(submitter, provisioned, provider):
    password = password_in(reveal(submitter, provisioned))

    account = AdminAccount.objects.get()
    assert account.status == AdminAccount.Status.REVEALED
    assert account.revealed_by == provider.user
    entry = AuditEntry.objects.filter(action="adminaccount.revealed").first()
    assert entry.actor == provider.user
    assert password not in json.dumps(entry.details)


def test_a_second_look_shows_nothing(submitter, provisioned):
    password = password_in(reveal(submitter, provisioned))

    for response in (reveal(submitter, provisioned), look(submitter, provisioned)):
        assert response.status_code == 200
        assert password not in response.text
        assert "The password can't be shown again." in response.text
        assert submitter.url("customers:admin_password_reset", provisioned.pk) in response.text
    assert User.objects.get(username=provisioned.admin_account.account_name).check_password(
        password
    )


def test_nobody_replaces_a_password_that_the_account_has_by_now(submitter, provisioned):
    """Chosen under a personal link, or shown to whoever reset it like that of any other user."""
    owner = User.objects.get(username=provisioned.admin_account.account_name)
    owner.set_password("chosen by its owner")
    owner.save()

    seen, asked = look(submitter, provisioned), reveal(submitter, provisioned)

    for page in (seen, asked):
        assert password_in(page) is None and "The password can't be shown again." in page.text
        assert 'hx-trigger="load"' not in page.text  # it would ask for ever
    owner.refresh_from_db()
    assert owner.check_password("chosen by its owner")


def test_a_colleague_learns_who_has_it(submitter, provisioned, provider, browser_of):
    colleague = make_membership(
        Role.SALES_AGENT,
        organization=provider.organization,
        user=make_user(first_name="Grace", last_name="Hopper"),
    )
    browser = browser_of(colleague)

    for response in (look(browser, provisioned), reveal(browser, provisioned)):
        assert "Ada Wong has the setup info." in response.text
        assert password_in(response) is None
        # a sales agent is told who can help instead
        assert "Global admin" in response.text
    assert password_in(reveal(submitter, provisioned))


def test_another_session_of_the_same_person_gets_nothing(submitter, provisioned, provider):
    elsewhere = Browser(provider)

    response = reveal(elsewhere, provisioned)

    assert password_in(response) is None
    assert "only be shown in the session" in response.text
    assert password_in(reveal(submitter, provisioned))


def test_a_colleague_with_a_borrowed_session_entry_gets_nothing(provisioned, provider):
    colleague = make_membership(organization=provider.organization)

    assert password_in(reveal(allowed(Browser(colleague), provisioned), provisioned)) is None


def test_whoever_did_not_ask_for_it_is_refused_by_the_service_too(provisioned):
    colleague = make_membership(organization=provisioned.provider)

    with pytest.raises(InvalidTransition):
        reveal_setup_info(provisioned.admin_account, actor=colleague)

    provisioned.admin_account.refresh_from_db()
    assert provisioned.admin_account.status == AdminAccount.Status.PROVISIONED


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
def test_a_page_prepared_in_advance_does_not_count(submitter, provisioned, purpose):
    response = reveal(submitter, provisioned, HTTP_SEC_PURPOSE=purpose)

    assert password_in(response) is None
    assert password_in(reveal(submitter, provisioned))


def test_opening_needs_a_post_with_a_token(provider, provisioned):
    strict = allowed(Browser(provider, enforce_csrf_checks=True), provisioned)

    assert reveal(strict, provisioned).status_code == 403
    assert strict.open("customers:setup_info_reveal", provisioned.pk).status_code == 405


def test_other_tenants_find_nothing(provisioned, outsider, stranger, browser_of):
    for membership in (outsider, stranger):
        browser = allowed(browser_of(membership), provisioned)
        assert look(browser, provisioned).status_code == 404
        assert reveal(browser, provisioned).status_code == 404
    assert Client().get(f"/o/x/customers/{provisioned.reference}/setup-info/").status_code == 302


def test_the_reseller_learns_which_company_has_it(provisioned, reseller, browser_of):
    browser = allowed(browser_of(reseller), provisioned)

    for response in (look(browser, provisioned), reveal(browser, provisioned)):
        assert "Nordwind Distribution has the setup info." in response.text
        assert password_in(response) is None


def test_a_failure_is_shown_with_a_way_to_try_again(submitter, customer):
    make_user(customer.admin_account.account_name)
    do_background_work()

    response = look(submitter, customer)

    message = OutboxMessage.objects.get()
    assert NAME_TAKEN in response.text
    assert "every 2s" not in response.text
    again = submitter.url("outbox:message_retry", message.pk)
    assert f'action="{again}"' in response.text
    page = submitter.url("customers:setup_info", customer.pk)
    assert f'name="next" value="{page}"' in response.text

    User.objects.filter(username=customer.admin_account.account_name).delete()
    response = submitter.post(again, {"next": page})
    do_background_work()
    assert response["Location"] == page
    assert "Show setup info" in look(submitter, customer).text


def test_a_passing_failure_is_mentioned_while_waiting(submitter, customer, settings):
    settings.DIRECTORY = "tests.customers.test_provision_account.Unreachable"
    do_background_work()

    response = look(submitter, customer)

    assert "directory unreachable" in response.text
    assert 'hx-trigger="every 2s"' in response.text


def test_the_secret_is_nowhere_afterwards(
    submitter, provisioned, caplog, mailoutbox, client, django_capture_on_commit_callbacks
):
    caplog.set_level("DEBUG")
    with django_capture_on_commit_callbacks(execute=True):
        password = password_in(reveal(submitter, provisioned, **HTMX))
    submitter.open("customers:customer_account", provisioned.pk)

    for hidden in (password, password.replace("-", "")):
        assert tables_holding(hidden) == []
        assert hidden not in caplog.text
        assert hidden not in json.dumps(dict(submitter.session))
        assert hidden not in str(submitter.cookies)
    assert mailoutbox == []
    assert tables_holding("admin@vogeloptik") != []  # the search does find things


def tables_holding(text):
    found = []
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"select exists(select from {table} t where t::text like %s)", [f"%{text}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["new", "reset"])
def test_of_forty_at_once_exactly_one_sees_it(transactional_db, provider, reseller, how):
    with acting(OPERATOR):
        make_partnership(provider.organization, reseller.organization)
        customer = add_customer(provider, reseller.organization)
    do_background_work()
    browser = allowed(Browser(provider), customer)
    if how == "reset":
        browser.send("customers:admin_password_reset", customer.pk)
    cookies = browser.cookies
    ready, shown, statuses = Barrier(ATTEMPTS), [], []

    def ask():
        client = Client()
        client.cookies = cookies
        url = f"/o/{provider.organization.slug}/customers/{customer.reference}/setup-info/reveal/"
        try:
            ready.wait(30)
            response = client.post(url)
            statuses.append(response.status_code)
            shown.append(password_in(response))
        finally:
            connection.close()

    threads = [Thread(target=ask) for _number in range(ATTEMPTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * ATTEMPTS
    [password] = filter(None, shown)
    user = User.objects.get(username=customer.admin_account.account_name)
    assert user.check_password(password)
    with acting(OPERATOR):
        assert AuditEntry.objects.filter(action="adminaccount.revealed").count() == 3
