"""What happens at the door stands in the log of each of the person's organizations."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from portal.accounts import emails, services, tasks
from portal.accounts.models import User
from portal.accounts.temporary import close_account
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.scope import acting
from tests.factories import make_membership, make_user
from tests.kernel.test_second_factor import CODE, LOGIN, SECRET, code_of

NEW = "correct horse battery"


@pytest.fixture
def ada(db):
    """Somebody with a place in two organizations."""
    user = make_user("ada@nord.test", email="ada@nord.test", language="de")
    make_membership(user=user)
    make_membership(user=user)
    return user


@pytest.fixture
def signed_in(ada):
    client = Client()
    client.post(LOGIN, {"login": ada.username, "password": "demo"})
    return client


def logged(action):
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))


def test_signing_in_and_out(ada, signed_in):
    entries = logged("user.signed_in")
    assert {entry.organization_id for entry in entries} == {p.organization_id for p in ada.places}
    assert {entry.actor_id for entry in entries} == {ada.pk}
    assert entries[0].details == {"ways": ["password"]}

    signed_in.post("/accounts/logout/")
    assert len(logged("user.signed_out")) == 2


def test_with_a_second_factor(ada):
    TOTP.activate(ada, SECRET)
    client = Client()
    client.post(LOGIN, {"login": ada.username, "password": "demo"})
    assert logged("user.signed_in") == []
    client.post(CODE, {"code": code_of(SECRET)})
    assert logged("user.signed_in")[0].details == {"ways": ["password", "app"]}


def test_a_recovery_code(ada):
    TOTP.activate(ada, SECRET)
    code = RecoveryCodes.activate(ada).get_unused_codes()[0]
    client = Client()
    client.post(LOGIN, {"login": ada.username, "password": "demo"})
    client.post(CODE, {"code": code})

    assert len(logged("user.code_used")) == 2


def test_a_wrong_password_once_a_minute_and_without_it(ada):
    for _ in range(3):
        Client().post(LOGIN, {"login": ada.email, "password": "tiger"})
    Client().post(LOGIN, {"login": "nobody", "password": "tiger"})

    entries = logged("user.sign_in_failed")
    assert len(entries) == 2  # one in each organization
    assert entries[0].actor is None
    assert "tiger" not in str(entries[0].details)


def test_a_session_that_ended(ada, signed_in, settings):
    settings.SESSION_HOURS = -1
    signed_in.get("/accounts/me/")

    assert len(logged("user.session_ended")) == 2
    assert logged("user.signed_out") == []


def test_a_new_password_is_logged_and_told(ada, signed_in):
    fields = {"oldpassword": "demo", "password1": NEW, "password2": NEW}
    assert signed_in.post("/accounts/password/change/", fields).status_code == 302

    assert len(logged("user.password_changed")) == 2
    message = OutboxMessage.objects.get(task=tasks.send_security_notice.name)
    mail = tasks.send_security_notice(**message.kwargs)
    assert mail.to == [ada.email]
    assert "Das Kennwort wurde geändert." in mail.body
    assert mail.alternatives


def test_a_forgotten_password(ada):
    link = tasks.send_new_password_link(ada.email).body.split("/accounts/")[1].split()[0]
    client = Client()
    page = client.get(f"/accounts/{link}")["Location"]
    assert client.post(page, {"password1": NEW, "password2": NEW}).status_code == 302

    assert len(logged("user.password_reset")) == 2
    assert User.objects.get(pk=ada.pk).check_password(NEW)
    assert "Ihr Kennwort" in str(tasks.send_new_password_link(ada.email).body)


def test_a_new_address_is_confirmed_first(ada, signed_in):
    signed_in.post("/accounts/email/", {"email": "new@nord.test", "action_add": ""})
    message = OutboxMessage.objects.get(task=tasks.send_confirmation.name)
    mail = tasks.send_confirmation(**message.kwargs)
    assert mail.to == ["new@nord.test"]
    assert User.objects.get(pk=ada.pk).email == "ada@nord.test"

    path = "/accounts/" + mail.body.split("/accounts/")[1].split()[0]
    signed_in.post(path)
    assert User.objects.get(pk=ada.pk).email == "new@nord.test"
    assert len(logged("user.email_changed")) == 2


def forgotten(ada):
    link = tasks.send_new_password_link(ada.email).body.split("/accounts/")[1].split()[0]
    client = Client()
    client.post(client.get(f"/accounts/{link}")["Location"], {"password1": NEW, "password2": NEW})


def reset_by_colleagues(ada):
    with acting(ada.memberships.first().organization.actor):
        close_account(ada)


@pytest.mark.parametrize("way", [forgotten, reset_by_colleagues])
def test_a_new_password_gives_up_the_address_that_an_intruder_asked_for(ada, signed_in, way):
    signed_in.post("/accounts/email/", {"email": "eve@evil.test", "action_add": ""})
    message = OutboxMessage.objects.get(task=tasks.send_confirmation.name)
    mail = tasks.send_confirmation(**message.kwargs)
    way(ada)

    Client().post("/accounts/" + mail.body.split("/accounts/")[1].split()[0])

    assert User.objects.get(pk=ada.pk).email == "ada@nord.test"


@pytest.mark.parametrize("event", emails.EVENTS)
def test_every_event_has_words(ada, event):
    services.promise_security_notice(ada, event)
    message = OutboxMessage.objects.get()
    assert tasks.send_security_notice(**message.kwargs).subject.startswith("Twotier: ")


def test_whoever_has_no_address_is_not_told(ada):
    ada.email = ""
    services.promise_security_notice(ada, "password_changed")
    assert not OutboxMessage.objects.exists()
