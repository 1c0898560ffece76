"""Every page about signing in, in both languages: nothing stays English, all is in our words."""

import re
from html.parser import HTMLParser

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from portal.accounts import sign_in_urls
from tests.conftest import Browser
from tests.factories import make_membership, make_user
from tests.kernel.test_second_factor import SECRET

# The same in both languages.
ALIKE = re.compile(
    r"(Passkeys?|Codes?|Browser|Name|Twotier|[^a-zA-Zäöüß]*|\(optional\)|.*@.*|Xyz 1)$"
)
EMPTY = {
    "account_change_password": {"oldpassword": "x", "password1": "1", "password2": "2"},
    "account_reauthenticate": {"password": "x"},
    "account_login": {"login": "x", "password": "x"},
    "account_email": {"email": "x", "action_add": ""},
    "account_reset_password": {"email": "x"},
    "mfa_activate_totp": {"code": "1"},
    "mfa_reauthenticate": {"code": "1"},
    "mfa_authenticate": {"code": "1"},
    "mfa_edit_webauthn": {"name": ""},
}
SIGNED_OUT = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "mfa_authenticate",
}
# Answers to the browser's own questions, and what leads on at once.
NO_PAGES = {"mfa_login_webauthn", "account_set_password", "mfa_reauthenticate_webauthn"}
WITHOUT_APP = {"mfa_activate_totp"}
WITH_KEY = {"mfa_list_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_index"}
PAGES = sorted({each.name for each in sign_in_urls.urlpatterns} - NO_PAGES)


class Words(HTMLParser):
    """The texts of the main part of a page, and of what is read out there."""

    def __init__(self, page):
        super().__init__()
        self.found, self.silent = [], 0
        self.feed(page[page.index("<main") : page.index("</main>")])

    def handle_starttag(self, tag, attrs):
        self.silent += tag in {"script", "textarea"}
        names = ("alt", "title", "placeholder", "aria-label", "data-busy")
        self.found += [value for name, value in attrs if name in names and value]

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "textarea"}

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


@pytest.fixture
def person(db, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    user = make_user("ada@nord.test", email="ada@nord.test")
    make_membership(user=user)
    return user


@pytest.fixture
def arguments(person):
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Xyz 1"})
    address = EmailAddress.objects.create(user=person, email="new@nord.test")
    uid = user_pk_to_url_str(person)
    return {
        "mfa_edit_webauthn": [key.pk],
        "mfa_remove_webauthn": [key.pk],
        "account_reset_password_from_key": [uid, default_token_generator.make_token(person)],
        "account_confirm_email": [EmailConfirmationHMAC.create(address).key],
    }


def client_for(name, person, language):
    Authenticator.objects.exclude(type="webauthn" if name in WITH_KEY else "").delete()
    client = Client() if name in SIGNED_OUT else Browser(person.memberships.get())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    client.cookies["language"] = client.cookies["django_language"] = language
    person.language = language
    person.save()
    if name not in WITHOUT_APP:
        TOTP.activate(person, SECRET)
        RecoveryCodes.activate(person)
    if name == "mfa_authenticate":
        client.post("/accounts/login/", {"login": person.username, "password": "demo"})
    return client


def words(name, person, arguments, language):
    """What stands on the page, and on the one that finds mistakes."""
    client = client_for(name, person, language)
    url = reverse(name, args=arguments.get(name, ()))
    page = client.get(url, follow=True)
    assert page.status_code == 200, (name, page.redirect_chain)
    assert f'<html lang="{language}"' in page.text
    found = Words(page.text).found
    if name in EMPTY:
        found += Words(client.post(url, EMPTY[name], follow=True).text).found
    return found


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stays_in_english(name, person, arguments):
    english = set(words(name, person, arguments, "en"))
    german = words(name, person, arguments, "de")

    assert [each for each in german if each in english and not ALIKE.match(each)] == []
    assert [each for each in german if re.search("passwort|(?<!Pass)key|token", each, re.I)] == []


@pytest.mark.parametrize(
    "name,fields",
    [
        ("account_login", {"login": "username", "password": "current-password"}),
        ("account_reauthenticate", {"password": "current-password"}),
        (
            "account_change_password",
            {"oldpassword": "current-password", "password1": "new-password"},
        ),
        ("account_reset_password", {"email": "email"}),
        ("mfa_authenticate", {"code": "one-time-code"}),
        ("mfa_reauthenticate", {"code": "one-time-code"}),
        ("mfa_activate_totp", {"code": "one-time-code"}),
    ],
)
def test_password_managers_find_their_fields(name, fields, person, arguments):
    page = client_for(name, person, "en").get(reverse(name)).text
    for field, purpose in fields.items():
        tag = re.search(rf'<input[^>]* name="{field}"[^>]*>', page)[0]
        assert f'autocomplete="{purpose}"' in tag
        assert "onpaste" not in tag and ("code" not in field or 'inputmode="numeric"' in tag)


def test_the_sign_in_page_says_whom_to_ask(client, db, settings):
    assert settings.SUPPORT_EMAIL in Words(client.get("/accounts/login/").text).found


def test_passwords_can_be_shown(client, db):
    page = client.get("/accounts/login/").text
    assert 'aria-controls="id_password"' in page and "Show" in page


def test_who_has_no_javascript_is_told_only_where_it_matters(client, provider):
    words = "<noscript>"

    assert words not in client.get(reverse("account_login")).text
    assert words in Browser(provider).get(reverse("mfa_add_webauthn")).text


def test_a_passkey_is_called_so_where_factors_are_listed(provider):
    browser = Browser(provider)

    page = browser.get(reverse("mfa_index")).text

    assert "Passkeys" in page and "security key" not in page.lower()
    assert "You get them with your first app or passkey." in page


def test_a_passkey_is_offered_the_name_of_the_device(provider):
    browser = Browser(provider)

    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
    page = browser.get(reverse("mfa_add_webauthn"), headers={"User-Agent": agent}).text

    assert 'value="Firefox on Linux"' in page
