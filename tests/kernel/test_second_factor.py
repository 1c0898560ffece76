"""The second factor: who needs one, how one gets and loses it, and how its seeds are kept."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client

from portal.accounts import second_factor
from portal.accounts.roles import Kind
from portal.accounts.services import end_sessions
from portal.scope import OPERATOR, acting
from tests.factories import make_membership, make_user

LOGIN, CODE, ACTIVATE = (
    f"/accounts/{page}" for page in ("login/", "2fa/authenticate/", "2fa/totp/activate/")
)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def place(db, settings):
    settings.REQUIRE_MFA = True
    user = make_user("ada@nord.test", email="ada@nord.test")
    return make_membership(user=user)


@pytest.fixture
def home(place):
    return f"/o/{place.organization.slug}/settings/activity-log/"


def code_of(secret, offset=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + offset))


def sign_in(code=None, name="ada@nord.test", **extra):
    """A browser in which the password was typed, and the code, if there is one."""
    client = Client()
    client.post(LOGIN, {"login": name, "password": "demo"} | extra)
    if code:
        client.post(CODE, {"code": code})
    return client


def change_password(user):
    user.set_password("another one")
    user.save()


def test_before_the_code_there_is_nothing(place, home):
    TOTP.activate(place.user, SECRET)
    place.user.is_staff = place.user.is_superuser = True
    place.user.save()
    client = sign_in()

    for path in (home, "/admin/", "/accounts/me/", "/accounts/2fa/", "/accounts/sessions/"):
        answer = client.get(path)
        assert answer.status_code == 302 and "/login/?next=" in answer["Location"], path


@pytest.mark.parametrize("change", [change_password, end_sessions])
def test_a_sign_in_that_waits_for_its_code_ends_with_all_others(place, home, change):
    TOTP.activate(place.user, SECRET)
    client = sign_in()
    change(place.user)

    answer = client.post(CODE, {"code": code_of(SECRET)}, follow=True)

    assert "changed in the meantime" in answer.text
    assert "/login/" in client.get(home)["Location"]


def test_the_code_opens_the_portal(place, home):
    TOTP.activate(place.user, SECRET)
    assert sign_in(code_of(SECRET)).get(home).status_code == 200


def test_a_recovery_code_opens_it_once(place, home):
    TOTP.activate(place.user, SECRET)
    code = RecoveryCodes.activate(place.user).get_unused_codes()[0]

    assert sign_in(code).get(home).status_code == 200
    assert sign_in(code).get(home).status_code == 302


@pytest.fixture
def enrolling(transactional_db, settings):
    """Somebody who must set up a second factor; where they want to go, and where they are led."""
    settings.REQUIRE_MFA = True
    with acting(OPERATOR):
        place = make_membership(user=make_user("ada@nord.test", email="ada@nord.test"))
    client = sign_in()
    home = f"/o/{place.organization.slug}/settings/activity-log/"
    return client, home, client.get(home)["Location"]


def test_enrolment_leads_to_where_one_wanted_to_go(enrolling):
    client, home, page = enrolling
    assert page.startswith(ACTIVATE)
    shown = client.get(page)
    assert "no-store" in shown["Cache-Control"]

    done = client.post(ACTIVATE, {"code": code_of(shown.context["form"].secret)})
    codes = client.get(done["Location"])

    assert "no-store" in codes["Cache-Control"]
    assert f'href="{home}"' in codes.text
    assert client.get(home).status_code == 200  # the code was just shown
    assert second_factor.HEADING_FOR not in client.session


def test_recovery_codes_are_shown_once_and_can_be_kept(enrolling):
    client, _home, page = enrolling
    client.post(ACTIVATE, {"code": code_of(client.get(page).context["form"].secret)})
    first = client.get("/accounts/2fa/recovery-codes/").text
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()

    assert all(code in first for code in codes)
    assert 'download="recovery-codes.txt"' in first
    second = client.get("/accounts/2fa/recovery-codes/").text
    assert not any(code in second for code in codes)
    assert "can't be shown again" in second


def test_the_last_one_stays_while_it_is_needed(place, settings):
    TOTP.activate(place.user, SECRET)
    client = sign_in(code_of(SECRET))
    refused = client.post("/accounts/2fa/totp/deactivate/")
    assert "You need a second factor here" in refused.text
    assert Authenticator.objects.filter(type="totp").exists()

    settings.REQUIRE_MFA = False
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()


def test_without_any_the_session_has_none_either(place, home):
    key = Authenticator.objects.create(user=place.user, type="webauthn", data={"name": "x"})
    TOTP.activate(place.user, SECRET)
    client = sign_in(code_of(SECRET))
    Authenticator.objects.filter(type="totp").delete()
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")

    assert client.get(home)["Location"].startswith(ACTIVATE)


def test_a_session_from_before_is_asked_for_the_key_it_has(place, home):
    client = sign_in()
    Authenticator.objects.create(user=place.user, type="webauthn", data={"name": "x"})
    assert client.get(home)["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")

    TOTP.activate(place.user, SECRET)
    assert client.get(home)["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_customers_are_offered_one(db, settings):
    settings.REQUIRE_MFA = True
    place = make_membership(kind=Kind.CUSTOMER)
    client = sign_in(name=place.user.username)
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get(f"/o/{place.organization.slug}/").status_code == 200


@pytest.fixture
def seeds(place):
    TOTP.activate(place.user, SECRET)
    RecoveryCodes.activate(place.user)
    return place.user


def rotate(capsys):
    call_command("rotate_mfa_keys")
    return re.findall(r"\d+", capsys.readouterr().out)


def seed_of(user):
    return TOTP(Authenticator.objects.get(user=user, type="totp"))


def test_the_database_knows_no_seed(seeds):
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    recovery = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert SECRET not in kept
    assert not any(code in kept for code in recovery.get_unused_codes())


def test_keys_are_exchanged_and_the_old_one_can_go(seeds, settings, capsys):
    settings.MFA_KEYS = ["old"]
    assert rotate(capsys) == ["2", "0"]
    settings.MFA_KEYS = ["new", "old"]
    assert seed_of(seeds).validate_code(code_of(SECRET))
    assert rotate(capsys) == ["2", "0"]
    assert rotate(capsys) == ["0", "2"]

    settings.MFA_KEYS, settings.SECRET_KEY = ["new"], "another"
    assert seed_of(seeds).validate_code(code_of(SECRET, offset=1))
    assert rotate(capsys) == ["0", "2"]


def test_a_missing_key_is_told_and_nothing_is_lost(seeds, settings, capsys):
    settings.MFA_KEYS = ["old"]
    rotate(capsys)
    settings.MFA_KEYS = ["new"]
    with pytest.raises(CommandError, match="2 can't be read"):
        call_command("rotate_mfa_keys")

    settings.MFA_KEYS = ["new", "old"]
    assert seed_of(seeds).validate_code(code_of(SECRET))


@pytest.mark.parametrize("broken", [None, 7, "kein Schlüssel", [], "gAAAAA"])
def test_a_broken_seed_holds_up_no_other(seeds, settings, capsys, broken):
    settings.MFA_KEYS = ["new"]
    Authenticator.objects.filter(type="totp").update(data={"secret": broken})

    with pytest.raises(CommandError, match="1 can't be read"):
        call_command("rotate_mfa_keys")

    assert "1" in capsys.readouterr().out
    assert Authenticator.objects.get(type="totp").data == {"secret": broken}


def test_secret_key_is_exchanged_without_losing_seeds(seeds, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    assert seed_of(seeds).validate_code(code_of(SECRET))
