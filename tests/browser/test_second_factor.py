"""Passkeys, authenticator apps and recovery codes in a real browser with a virtual device."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from portal.accounts.roles import Kind
from tests.browser.person import PASSWORD, Person, Way
from tests.browser.staff import ANNA, PROVIDER, employ
from tests.browser.words import WORDS

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
HOME = "/o/nordwind/"


@pytest.fixture(params=["en", "de"])
def anna(request, visitor, portal, settings):
    """Anna, who needs a second factor and has none, on the page that asks for it."""
    settings.REQUIRE_MFA = True
    language = request.param
    employ(ANNA, PROVIDER, language, kind=Kind.PROVIDER)
    with translation.override(language):
        anna = Person(visitor(language), WORDS[language], Way(language, True))
        anna.page.goto(f"/accounts/login/?next={HOME}")
        anna.identifies(ANNA)
        anna.reads(gettext("Set up an authenticator app"))
        yield anna


def with_key(person):
    """The browser gets a device that knows its owner."""
    cdp = person.page.context.new_cdp_session(person.page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def is_at_home(person):
    expect(person.page).to_have_url(re.compile(rf"//[^/]+{HOME}$"))
    person.page.wait_for_load_state()


def signs_out(person):
    person.page.goto("/accounts/logout/")
    person.presses(gettext("Sign out"), within=person.page.locator("main"))
    person.page.goto(f"/accounts/login/?next={HOME}")


def keeps_codes(person):
    """The codes on the page, which is left for where one wanted to go."""
    person.reads(gettext("Recovery codes"))
    with person.downloads() as text:
        person.follows(gettext("Download"))
    assert text[0] == person.page.locator("#recovery_codes").input_value()
    person.follows(gettext("Continue"))
    is_at_home(person)
    return text[0].split()


def test_a_passkey_is_second_factor_and_password_in_one(anna):
    with_key(anna)
    anna.follows(gettext("Add a passkey instead"))
    anna.page.locator("[name=passwordless]").check()
    anna.page.locator("#mfa_webauthn_add").click()
    keeps_codes(anna)

    signs_out(anna)
    anna.page.locator("#passkey_login").click()
    is_at_home(anna)

    signs_out(anna)
    anna.types(login=ANNA, password=PASSWORD)
    anna.presses(gettext("Sign in"), within=anna.page.locator("main"))
    anna.page.locator("#mfa_webauthn_authenticate").click()
    is_at_home(anna)


def test_an_app_and_its_recovery_codes(anna):
    secret = anna.page.locator("#authenticator_secret").input_value()
    anna.inspects("activate")
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    anna.types(code=f"{code[:3]} {code[3:]}")
    anna.presses(gettext("Activate"))
    codes = keeps_codes(anna)

    for given in (code, codes[0]):
        signs_out(anna)
        anna.types(login=ANNA, password=PASSWORD)
        anna.presses(gettext("Sign in"), within=anna.page.locator("main"))
        anna.types(code=given)
        anna.page.locator("main form button").first.click()
        is_at_home(anna)


def test_a_password_can_be_shown(anna):
    signs_out(anna)
    anna.types(password="tiger")
    field = anna.page.locator("[name=password]")
    anna.presses(gettext("Show") if anna.way.language == "en" else "Anzeigen")
    expect(field).to_have_attribute("type", "text")
    anna.presses(gettext("Hide"))
    expect(field).to_have_attribute("type", "password")


def test_whoever_is_there_stays_signed_in(anna, settings):
    settings.SESSION_IDLE_MINUTES = 5.2  # the bar stands there from five minutes before the end
    anna.page.goto("/accounts/me/")
    other = anna.opens_tab()
    bars = [each.page.locator("#session-end") for each in (anna, other)]
    expect(bars[0]).to_be_hidden()
    for bar in bars:
        expect(bar).to_be_visible(timeout=30_000)
    expect(bars[0]).to_contain_text(gettext("You will be signed out at TIME.").partition("TIME")[0])
    anna.presses(gettext("Stay signed in"), within=bars[0])
    for bar in bars:
        expect(bar).to_be_hidden()
