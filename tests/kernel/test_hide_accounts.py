"""Nobody learns from signing in who has an account: not by words, not by status, not by time."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.utils.timezone import now

from portal.accounts.models import User
from portal.accounts.roles import Kind
from portal.accounts.tasks import send_new_password_link
from portal.accounts.temporary import cheap_hash
from portal.outbox.models import OutboxMessage
from tests.factories import make_membership, make_partner, make_user

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
KINDS = ("known", "inactive", "demonstration", "temporary", "ended", "unusable", "nobody")


class Slow(hashers.PBKDF2PasswordHasher):
    """Stands for the hasher of the real portal: what counts is how often it runs."""

    algorithm = "slow"
    iterations = 2
    runs = 0

    def encode(self, *args, **kwargs):
        Slow.runs += 1
        return super().encode(*args, **kwargs)


@pytest.fixture
def people(db, settings):
    settings.PASSWORD_HASHERS = [
        f"{__name__}.Slow",
        "portal.accounts.hashers.TemporaryPasswordHasher",
    ]
    settings.DEBUG = False
    together = make_partner(Kind.PROVIDER)  # an organization keeps an active global admin
    for kind in KINDS[:-1]:
        user = make_user(f"{kind}@nord.test", email=f"{kind}@mail.test")
        make_membership(user=user, organization=together)
    change = User.objects.filter
    change(username="inactive@nord.test").update(is_active=False)
    change(username="demonstration@nord.test").update(is_demonstration=True)
    waiting = {"password": cheap_hash("Abcd"), "must_change_password": True}
    change(username="temporary@nord.test").update(**waiting)
    ended = {"temporary_password_until": now() - timedelta(days=1)}
    change(username="ended@nord.test").update(**waiting, **ended)
    change(username="unusable@nord.test").update(password="!")


def send(path, data):
    """The answer without what differs from request to request, and how often was hashed."""
    Slow.runs = 0
    response = Client().post(path, data)
    typed = next(iter(data.values()))
    text = re.sub(r"\b\w{64}\b", "csrf", response.text)
    place = response.get("Location", "")
    return response.status_code, place, text.replace(typed, "…"), Slow.runs


@pytest.mark.parametrize("domain", ["nord.test", "mail.test"])
def test_signing_in_answers_all_alike(people, domain):
    answers = {send(LOGIN, {"login": f"{kind}@{domain}", "password": "x"}) for kind in KINDS}

    assert len(answers) == 1
    assert answers.pop()[3] == 1  # hashed once


@pytest.mark.parametrize("kind", KINDS)
def test_the_pause_comes_for_all_alike(people, kind):
    answers = [send(LOGIN, {"login": f"{kind}@nord.test", "password": "x"}) for _ in range(6)]

    assert ["Too many tries" in text for _status, _place, text, _runs in answers] == [False] * 5 + [
        True
    ]
    assert [runs for *_rest, runs in answers] == [1] * 5 + [0]


def test_forgetting_the_password_answers_all_alike(people):
    answers = {send(RESET, {"email": f"{kind}@mail.test"}) for kind in KINDS}

    assert len(answers) == 1
    assert answers.pop()[:2] == (302, "/accounts/password/reset/done/")
    assert OutboxMessage.objects.count() == len(KINDS)


def test_the_worker_finds_out_who_gets_a_mail(people):
    mails = {kind: send_new_password_link(f"{kind}@mail.test") for kind in KINDS}

    assert {kind for kind, mail in mails.items() if mail} == {
        "known",
        "temporary",
        "ended",
        "unusable",
    }
    assert mails["known"].to == ["known@mail.test"]
    assert "/accounts/password/reset/key/" in mails["known"].body
