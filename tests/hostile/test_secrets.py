"""Invitation links and temporary passwords: in no table, log, message, session or admin page.

The temporary password itself is followed in ``tests/customers/test_show_setup_info.py``; here are
the links, and both of them in what operators see.
"""

import logging

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.apps import apps
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse

from portal.logs import HideSecrets
from portal.outbox.worker import work_once
from portal.staff.models import UserInvitation
from tests.customers.test_show_setup_info import password_in, tables_holding
from tests.hostile.forms import acceptance, colleague, joining, letter


@pytest.fixture
def known(scene):
    """Every spelling of the link's secret."""
    return [scene.token, scene.token.replace("-", ""), scene.token.lower()]


@pytest.fixture
def url(scene):
    return scene.url("invitation", about=["token"])


class Unpacked:
    """Stands in for a session's serializer: the bytes as they are stored."""

    def loads(self, data):
        return data


def in_sessions(text):
    """Whether what the database holds of the sessions says ``text``."""
    salt = "django.contrib.sessions.SessionStore"
    stored = (session.session_data for session in Session.objects.all())
    found = (signing.loads(data, salt=salt, serializer=Unpacked) for data in stored)
    return any(text.encode() in data for data in found)


def ways_to_the_link(scene, url):
    """Everything that can happen to a link, good and bad."""
    yes, candidate, visitor = acceptance(scene), scene.browser("candidate"), scene.browser("")
    yield visitor.get(url)
    yield visitor.post(url, yes)
    yield visitor.get(f"{url}decline/")
    yield Client(enforce_csrf_checks=True).post(url, yes)
    yield candidate.get(url)
    yield candidate.post(url, {})
    yield candidate.get(f"{url}nowhere/")
    yield candidate.put(url)
    yield scene.browser("staff").get(url)
    yield candidate.post(f"{url}decline/", {"company": "x"})
    yield candidate.post(url, yes)
    yield candidate.get(url)
    yield candidate.post(url, yes)


def test_links_are_in_no_table_log_or_session(scene, url, known, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)

    statuses = [response.status_code for response in ways_to_the_link(scene, url)]
    while work_once():
        pass

    assert {200, 302, 403, 404, 410, 422} <= set(statuses)
    for secret in known:
        assert tables_holding(secret) == []
        assert secret not in caplog.text
        assert not in_sessions(secret)
    assert "/invitations/…/" in caplog.text  # there was something to hide
    assert [
        mail for mail in mailoutbox if scene.token in mail.body
    ] == []  # the answer to the asker


def test_links_are_not_kept_while_a_second_factor_is_asked_for(scene, url, known):
    user = scene.candidate.user
    totp.TOTP.activate(user, totp.generate_totp_secret())
    browser = Client()

    response = browser.post(
        "/accounts/login/", {"login": user.username, "password": "demo", "next": url}
    )

    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert url in str(dict(browser.session))  # the person still gets there
    assert not in_sessions(scene.token)
    assert tables_holding(scene.token) == []


def test_sent_links_are_in_the_mail_alone(scene, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    browser, draft = scene.browser("staff"), scene.request_draft
    address = scene.url("partners:request_draft", "staff", ["request_draft"])

    assert browser.post(address, letter("send")(scene)).status_code == 302
    while work_once():
        pass

    assert [draft.token in mail.body for mail in mailoutbox] == [True]
    for secret in (draft.token, draft.token.replace("-", "")):
        assert tables_holding(secret) == []
        assert secret not in caplog.text


def ways_to_join(scene, url):
    """Everything that can happen to the link of somebody who is invited to work here."""
    visitor, member, staff = scene.browser(""), scene.browser("candidate"), scene.browser("staff")
    account = joining(scene)
    yield visitor.get(url)
    yield visitor.post(url, account | {"password": "short"})
    yield Client(enforce_csrf_checks=True).post(url, account)
    yield visitor.get(f"{url}nowhere/")
    yield visitor.put(url)
    yield visitor.post(f"{url}new-link/")
    yield member.get(url)
    yield member.post(url)
    yield staff.get(scene.url("staff:invitation_list", "staff"))
    yield visitor.post(url, account)
    yield visitor.get(url)
    yield member.post(url, {"right_address": "on"})


def test_links_to_join_and_passwords_are_in_no_table_log_or_session(scene, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    url, token = scene.url("join", about=["join_token"]), scene.join_token

    statuses = [response.status_code for response in ways_to_join(scene, url)]
    while work_once():
        pass

    assert {200, 302, 403, 404, 410, 422} <= set(statuses)
    for secret in (token, token.replace("-", ""), token.lower(), joining(scene)["password"]):
        assert tables_holding(secret) == []
        assert secret not in caplog.text
        assert not in_sessions(secret)
        assert [mail for mail in mailoutbox if secret in mail.body] == []
    assert "/join/…/" in caplog.text  # there was something to hide


def test_an_invited_person_alone_gets_the_link(scene, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    browser = scene.browser("staff")

    assert browser.post(scene.url("staff:member_add", "staff"), colleague(scene)).status_code == 302
    while work_once():
        pass

    token = UserInvitation.objects.latest("pk").token
    assert [(mail.to, token in mail.body) for mail in mailoutbox] == [
        ([colleague(scene)["email"]], True)
    ]
    for secret in (token, token.replace("-", "")):
        assert tables_holding(secret) == []
        assert secret not in caplog.text


def test_a_colleagues_password_is_on_one_page_alone(scene, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    browser, about = scene.browser("staff"), ["waiting_colleague"]

    assert browser.post(scene.url("staff:member_reset", "staff", about)).status_code == 302
    shown = browser.post(scene.url("staff:member_password_reveal", "staff", about))
    while work_once():
        pass

    password = password_in(shown)
    assert password and tables_holding(password) == []
    assert password not in caplog.text
    assert not in_sessions(password)
    [mail] = mailoutbox
    assert password not in mail.message().as_string()


def test_operators_see_neither_links_nor_passwords(scene, url):
    revealed = scene.browser("staff").post(
        scene.url("customers:setup_info_reveal", "staff", ["provisioned"])
    )
    secrets = [scene.token, scene.request_draft.token, password_in(revealed)]
    secrets += [scene.sent.nonce, scene.sent.token_hash]
    secrets += [scene.invited.token, scene.invited.nonce, scene.invited.token_hash]
    operator, seen = scene.browser("operator"), 0
    for model in apps.get_models():
        if model not in admin.site._registry:
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"{name}_changelist")]
        for row in model._base_manager.all()[:20]:
            addresses += [
                reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history")
            ]
        for address in addresses:
            text = operator.get(address).text
            seen += 1
            assert [secret for secret in secrets if secret in text] == [], address
    assert seen > 60


@pytest.mark.parametrize(
    "message,shown",
    [
        ("Gone: /invitations/7Q2FK-9XM4T/", "Gone: /invitations/…/"),
        ("GET /invitations/7Q2FK/decline/ HTTP/1.1", "GET /invitations/…/decline/ HTTP/1.1"),
        ("/accounts/login/?next=%2Finvitations%2F7Q2FK%2F", "?next=%2Finvitations%2F…%2F"),
        ("/accounts/login/?next=/invitations/7Q2FK/&x=1", "?next=/invitations/…/&x=1"),
        ("Gone: /join/7Q2FK-9XM4T/", "Gone: /join/…/"),
        ("Gone: /relationship-requests/7Q2FK-9XM4T/", "Gone: /relationship-requests/…/"),
        ("Gone: /first-password/7Q2FK-9XM4T/", "Gone: /first-password/…/"),
        ("/accounts/login/?next=%2Fjoin%2F7Q2FK%2F", "?next=%2Fjoin%2F…%2F"),
        ("Not Found: /o/nordwind/", "Not Found: /o/nordwind/"),
    ],
)
def test_lines_of_the_log(message, shown):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s", (message,), None)

    assert HideSecrets().filter(record)

    assert "7Q2FK" not in record.getMessage()
    assert shown in record.getMessage()
