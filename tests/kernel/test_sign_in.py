import pytest
from django.test import Client

from portal.accounts.roles import Kind
from tests.factories import make_membership, make_user

LOGIN = "/accounts/login/"


@pytest.fixture
def person(db):
    return make_membership(user=make_user("ada.wong@nord.test", email="ada@mail.test")).user


@pytest.mark.parametrize("typed", ["ada.wong@nord.test", "ADA.Wong@nord.test", "ada@mail.test"])
def test_account_name_or_email_opens_the_door(person, typed):
    client = Client()
    response = client.post(LOGIN, {"login": typed, "password": "demo"})

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    "login,password", [("ada@mail.test", "wrong"), ("nobody@mail.test", "demo")]
)
def test_wrong_and_unknown_read_the_same(person, login, password):
    response = Client().post(LOGIN, {"login": login, "password": password})

    assert "_auth_user_id" not in response.wsgi_request.session
    assert response.context["form"].non_field_errors() or response.context["form"].errors
    assert login in response.text  # what was typed stays


@pytest.mark.parametrize(
    "text", ["\x00", "a" * 100_000, "'; drop table accounts_user; --", "\u202e"]
)
def test_hostile_input_is_only_wrong(person, text):
    response = Client().post(LOGIN, {"login": text, "password": text})
    assert response.status_code in {200, 400, 422}


@pytest.mark.parametrize("debug", [True, False])
def test_demonstration_accounts_need_debug(person, settings, debug):
    settings.DEBUG = debug
    person.is_demonstration = True
    person.save()
    client = Client()

    client.post(LOGIN, {"login": person.username, "password": "demo"})

    assert ("_auth_user_id" in client.session) == debug


def test_turning_debug_off_ends_demonstration_sessions(person, settings):
    settings.DEBUG = True
    person.is_demonstration = True
    person.save()
    client = Client()
    client.force_login(person, backend="portal.accounts.backends.AccountBackend")
    assert client.get("/accounts/me/").status_code == 200

    settings.DEBUG = False
    assert client.get("/accounts/me/").status_code == 302


@pytest.mark.parametrize(
    "page", ["signup/", "login/code/", "login/code/confirm/", "phone/change/", "2fa/trust/", "x/"]
)
def test_pages_of_what_is_not_offered_do_not_exist(client, db, page):
    assert client.get(f"/accounts/{page}").status_code == 404
    assert client.post(f"/accounts/{page}", {"email": "x@y.test"}).status_code == 404


@pytest.mark.parametrize("kind", [Kind.PROVIDER, Kind.RESELLER])
def test_partner_staff_need_a_second_factor_when_it_is_required(settings, browser_of, kind):
    settings.REQUIRE_MFA = True
    browser = browser_of(make_membership(kind=kind))

    response = browser.open("audit:entry_list")

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/2fa/totp/activate/")


def test_signing_in_returns_to_where_one_wanted_to_go(person):
    response = Client().post(
        f"{LOGIN}?next=/accounts/me/", {"login": person.username, "password": "demo"}
    )
    assert response["Location"] == "/accounts/me/"
