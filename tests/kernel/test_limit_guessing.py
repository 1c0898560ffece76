"""Guessing is limited, for one account and from one address, whatever is tried at the same time."""

import time
from threading import Barrier, Thread

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.db import connection
from django.test import Client
from redis.exceptions import RedisError

from portal.accounts import tries
from portal.accounts.models import Tries
from portal.accounts.tasks import forget_ended
from portal.scope import OPERATOR, acting
from tests.factories import make_membership, make_user

LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CROWD = 40


@pytest.fixture
def person(db):
    return make_membership(user=make_user("ada@nord.test", email="ada@mail.test")).user


@pytest.fixture
def compared(monkeypatch):
    """Every password that was compared with a stored one."""
    seen, verify = [], MD5PasswordHasher.verify
    monkeypatch.setattr(
        MD5PasswordHasher,
        "verify",
        lambda self, password, encoded: seen.append(password) or verify(self, password, encoded),
    )
    return seen


@pytest.fixture
def no_redis(monkeypatch):
    def fail(*args, **kwargs):
        raise RedisError("away")

    client = caches["default"]._cache
    for name in ("get", "set", "add", "incr", "delete"):
        monkeypatch.setattr(client, name, fail)


def guess(login="ada@nord.test", password="wrong", client=None, **extra):
    return (client or Client()).post(LOGIN, {"login": login, "password": password}, **extra)


def error_of(response):
    return str(response.context["form"].errors.as_text())


def code_now(offset=0):
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + offset))


def wrong_code():
    right = {code_now(offset) for offset in (-1, 0, 1)}
    return next(code for code in ("111111", "222222", "333333", "444444") if code not in right)


def at_once(press, number=CROWD):
    """``press(turn)`` from so many threads at the same moment; returns what they return."""
    barrier, answers = Barrier(number), []

    def go(turn):
        try:
            barrier.wait()
            answers.append(press(turn))
        finally:
            connection.close()

    threads = [Thread(target=go, args=(turn,)) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_are_five(compared):
    with acting(OPERATOR):
        make_user("ada@nord.test")
    # Each from an address of its own: the limit of the account is what is measured.
    answers = at_once(lambda turn: guess(REMOTE_ADDR=f"10.0.0.{turn}").text)

    assert len(compared) == tries.PASSWORD.most
    refused = [answer for answer in answers if "Too many tries" in answer]
    assert len(refused) == CROWD - tries.PASSWORD.most


@pytest.mark.django_db(transaction=True)
def test_forty_accounts_at_once_from_one_address(compared, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
    with acting(OPERATOR):
        for turn in range(CROWD):
            make_user(f"user{turn}@nord.test")
    answers = at_once(lambda turn: guess(f"user{turn}@nord.test").text)

    assert len(compared) == tries.ADDRESS.most
    assert sum("Too many tries" in answer for answer in answers) == CROWD - tries.ADDRESS.most


@pytest.mark.django_db(transaction=True)
def test_nobody_chooses_the_address_they_are_counted_by(compared, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}

    def from_elsewhere(turn):
        ip = f"198.51.100.{turn}"
        headers = {"HTTP_X_FORWARDED_FOR": ip, "HTTP_X_REAL_IP": ip, "HTTP_FORWARDED": f"for={ip}"}
        return guess(f"nobody{turn}@nord.test", **headers).text

    answers = at_once(from_elsewhere)

    assert sum("Too many tries" in answer for answer in answers) == CROWD - tries.ADDRESS.most


@pytest.mark.django_db(transaction=True)
def test_a_crowd_of_codes_is_five(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    with acting(OPERATOR):
        user = make_user("ada@nord.test")
        TOTP.activate(user, SECRET)
    clients = [Client() for _ in range(12)]
    for client in clients:
        assert guess(password="demo", client=client)["Location"] == CODE
    wrong = wrong_code()
    answers = at_once(lambda turn: clients[turn].post(CODE, {"code": wrong}).text, len(clients))

    assert sum("This code is not right" in answer for answer in answers) == tries.CODE.most
    assert sum("Too many tries" in answer for answer in answers) == 12 - tries.CODE.most


def test_what_is_left_is_told(person):
    told = [error_of(guess()) for _ in range(6)]

    assert "You have 4 more tries, then a pause of 10 minutes." in told[0]
    assert "You have one more try, then a pause of 10 minutes." in told[3]
    assert "not right. The next try is possible at" in told[4]
    assert "Too many tries. The next try is possible at" in told[5]


def test_the_pause_ends_and_tries_do_not_prolong_it(person):
    for _ in range(9):
        guess()
    assert "Too many tries" in error_of(guess(password="demo"))

    with time_machine.travel(time.time() + tries.PASSWORD.seconds + 1):
        assert guess(password="demo").status_code == 302


def test_both_names_of_an_account_share_its_tries(person):
    for login in (
        "ada@nord.test",
        "ADA@nord.test ",
        "ada@mail.test",
        "Ada@Mail.test",
        "ada@mail.test",
    ):
        guess(login)
    assert "Too many tries" in error_of(guess("ada@nord.test", "demo"))


def test_the_right_password_costs_nothing(person):
    for _ in range(12):
        assert guess(password="demo").status_code == 302
    assert not Tries.objects.filter(count__gt=0).exists()


def test_without_redis_the_limits_hold(person, no_redis):
    for _ in range(5):
        guess()
    assert "Too many tries" in error_of(guess())


def test_what_is_over_is_forgotten(person):
    guess()
    forget_ended()
    assert Tries.objects.exists()

    with time_machine.travel(time.time() + tries.PASSWORD.seconds + 1):
        forget_ended()
    assert not Tries.objects.exists()


def test_the_database_does_not_learn_what_was_typed(person):
    guess("my secret password")
    assert not any("secret" in row.key for row in Tries.objects.all())


def test_confirming_shares_the_tries_of_signing_in(person):
    client = Client()
    guess(password="demo", client=client)
    for _ in range(5):
        client.post("/accounts/reauthenticate/", {"password": "wrong"})
    answer = client.post("/accounts/reauthenticate/", {"password": "demo"})

    assert "Too many tries" in error_of(answer)
    assert "Too many tries" in error_of(guess())


def test_changing_the_password_does_not_help_to_guess_it(person):
    client = Client()
    guess(password="demo", client=client)
    new = dict.fromkeys(["password1", "password2"], "correct horse battery")
    for _ in range(5):
        answer = client.post("/accounts/password/change/", {"oldpassword": "x"} | new)
        assert answer.status_code == 200
    answer = client.post("/accounts/password/change/", {"oldpassword": "demo"} | new)
    assert answer.status_code in {200, 429}
    person.refresh_from_db()
    assert person.check_password("demo")


def test_a_code_may_have_spaces_and_is_good_once(person):
    TOTP.activate(person, SECRET)
    code = code_now()
    first, second = Client(), Client()
    for client in (first, second):
        guess(password="demo", client=client)

    assert first.post(CODE, {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert "has been used" in error_of(second.post(CODE, {"code": code}))


def test_a_code_is_good_once_also_when_the_package_has_forgotten_it(person):
    """It remembers for 30 seconds, while a code is good for 90."""
    TOTP.activate(person, SECRET)
    start = time.time() // 30 * 30
    first, second = Client(), Client()
    with time_machine.travel(start, tick=False):
        code = code_now(1)
        guess(password="demo", client=first)
        assert first.post(CODE, {"code": code}).status_code == 302
    caches["default"].clear()
    with time_machine.travel(start + 45, tick=False):
        guess(password="demo", client=second)
        assert "has been used" in error_of(second.post(CODE, {"code": code}))


def test_recovery_codes_are_limited_and_good_once(person):
    TOTP.activate(person, SECRET)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    client = Client()
    guess(password="demo", client=client)
    assert client.post(CODE, {"code": code}).status_code == 302

    again = Client()
    guess(password="demo", client=again)
    for _ in range(tries.CODE.most):
        assert again.post(CODE, {"code": code}).status_code == 200
    assert "Too many tries" in error_of(again.post(CODE, {"code": code_now()}))


def test_letters_to_one_address_are_limited(person):
    def ask():
        return Client().post("/accounts/password/reset/", {"email": "ada@mail.test"})

    assert [ask().status_code for _ in range(tries.LETTER.most)] == [302] * tries.LETTER.most
    assert "Too many tries" in error_of(ask())
