import html

import pytest
from django.utils.translation import override

from partners import wording
from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from tests.factories import make_membership, make_partner

VERSION = {"version": wording.AGREEMENT_VERSION}


@pytest.fixture
def unsigned(db):
    return make_membership(organization=make_partner(signed=False))


def signed(membership):
    membership.organization.partner.refresh_from_db()
    return membership.organization.partner.agreement_signed


def test_looking_signs_nothing(unsigned, browser_of):
    response = browser_of(unsigned).open("partners:agreement")

    assert "Accept and continue" in response.text
    assert "Not signed" in response.text
    assert not signed(unsigned)


def test_a_global_admin_signs(unsigned, browser_of):
    response = browser_of(unsigned).send("partners:agreement", data=VERSION)

    profile = unsigned.organization.partner
    profile.refresh_from_db()
    assert response.status_code == 302
    assert profile.agreement_version == wording.AGREEMENT_VERSION
    assert profile.agreement_signed_by == unsigned.user
    entry = AuditEntry.objects.get()
    assert entry.action == "agreement.accepted"
    assert entry.details == VERSION


def test_providers_sign_too(browser_of, db):
    unsigned = make_membership(organization=make_partner(Kind.PROVIDER, signed=False))

    browser_of(unsigned).send("partners:agreement", data=VERSION)

    assert signed(unsigned)


def test_afterwards_the_page_says_who_signed_and_when(unsigned, browser_of):
    browser = browser_of(unsigned)
    browser.send("partners:agreement", data=VERSION)

    text = browser.open("partners:agreement").text

    assert "Accept and continue" not in text
    assert wording.AGREEMENT_VERSION in text
    assert str(unsigned.user) in text


def test_back_to_the_invitation(unsigned, browser_of):
    browser = browser_of(unsigned)

    page = browser.open("partners:agreement", next="/invitations/ABC/").text
    response = browser.send("partners:agreement", data=VERSION | {"next": "/invitations/ABC/"})

    assert 'value="/invitations/ABC/"' in page
    assert response["Location"] == "/invitations/ABC/"


def test_not_to_anywhere_else(unsigned, browser_of):
    browser = browser_of(unsigned)

    page = browser.open("partners:agreement", next="https://evil.example/").text
    response = browser.send("partners:agreement", data=VERSION | {"next": "https://evil.example/"})

    assert '"https://evil.example/"' not in page
    assert response["Location"].startswith("/o/")


@pytest.mark.parametrize("version", ["", "1999-01", "x" * 30, "\x00"])
def test_another_version_is_not_signed(unsigned, browser_of, version):
    response = browser_of(unsigned).send("partners:agreement", data={"version": version})

    assert response.status_code == 422
    assert not signed(unsigned)


def test_pressed_twice_signs_once(unsigned, browser_of):
    browser = browser_of(unsigned)

    browser.send("partners:agreement", data=VERSION)
    assert browser.send("partners:agreement", data=VERSION).status_code == 302

    assert AuditEntry.objects.count() == 1


def test_only_global_admins(unsigned, browser_of):
    agent = make_membership(Role.ADMIN_AGENT, organization=unsigned.organization)

    assert browser_of(agent).send("partners:agreement", data=VERSION).status_code == 403
    assert not signed(unsigned)


@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.USER_ADMIN])
def test_everybody_reads_and_is_told_who_signs(unsigned, browser_of, role):
    agent = browser_of(make_membership(role, organization=unsigned.organization))

    page = agent.open("partners:agreement", next="/invitations/ABC/")

    assert page.status_code == 200
    assert "Accept and continue" not in page.text
    assert "A global admin of your company accepts it here." in page.text
    assert 'href="/invitations/ABC/"' in page.text


def test_a_refused_signature_names_those_who_may(unsigned, browser_of):
    agent = make_membership(Role.ADMIN_AGENT, organization=unsigned.organization)

    response = browser_of(agent).send("partners:agreement", data=VERSION)

    assert response.status_code == 403
    assert str(unsigned.user) in response.text


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_text_can_be_kept(unsigned, browser_of, language):
    browser = browser_of(unsigned)

    response = browser.get(
        browser.url("partners:agreement_text"), headers={"Accept-Language": language}
    )

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert f"partner-agreement-{wording.AGREEMENT_VERSION}.txt" in response["Content-Disposition"]
    with override(language):
        assert response.text == wording.agreement_text()


def test_what_was_signed_stays_readable_when_there_is_a_newer_text(
    unsigned, browser_of, monkeypatch
):
    browser = browser_of(unsigned)
    browser.send("partners:agreement", data=VERSION)
    monkeypatch.setattr(wording, "AGREEMENT_VERSION", "2031-01")

    first = wording.agreement_text("2026-01").splitlines()[0]
    assert first in html.unescape(browser.open("partners:agreement").text)
    assert "2026-01" in browser.open("partners:agreement_text")["Content-Disposition"]
