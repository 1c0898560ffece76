"""The letters about people's places, word for word: ``golden/<letter>.<language>.txt`` and html.

To change one on purpose, remove its file: the next run writes it anew and fails once.
"""

from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils.dateparse import parse_datetime

from portal import tokens
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from portal.staff import emails
from portal.staff.models import UserInvitation
from tests.golden import assert_reads_as_before

GOLDEN = Path(__file__).parent / "golden"
LETTERS = ("invitation", "invitation_wanted", "password_reset", "password_reset_factor")
CASES = [(name, language) for name in LETTERS for language, _ in site.LANGUAGES]


@pytest.fixture
def mail_of(settings):
    """The mail with this name, the same on every day and in every installation."""
    settings.PUBLIC_URL, settings.SITE_NAME = "https://portal.example", "Twotier"
    settings.SUPPORT_EMAIL, settings.INVITATION_KEYS = "support@portal.example", ["a key"]

    def written(name, language):
        company = Organization(
            name="Nordwind Distribution GmbH", slug="nordwind", kind=Kind.PROVIDER
        )
        anna = User(first_name="Anna", last_name="Brandt", email="a@b.example", language=language)
        ben = User(first_name="Ben", last_name="Roth", email="b@b.example", language=language)
        if name.startswith("password_reset"):
            place = Membership(user=ben, organization=company)
            return emails.password_reset(place, anna, without_factor=name.endswith("factor"))
        invitation = UserInvitation(
            organization=company,
            email="ida@nordwind.example",
            first_name="Ida",
            last_name="Ivens",
            roles=[Role.ADMIN_AGENT, Role.SALES_AGENT],
            language=language,
            invited_by=anna,
            nonce="nonce",
            expires_at=parse_datetime("2026-12-22T09:14:00Z"),
        )
        invitation.token_hash = tokens.digest(tokens.make("nonce", UserInvitation.PURPOSE))
        return getattr(emails, name)(invitation)

    return written


@pytest.mark.parametrize("name,language", CASES)
def test_it_reads_as_before(mail_of, name, language):
    mail = mail_of(name, language)
    [(html, _type)] = mail.alternatives
    head = f"From: {mail.from_email}\nTo: {mail.to[0]}\nReply-To: {', '.join(mail.reply_to)}\n"
    written = {"txt": f"{head}Subject: {mail.subject}\n\n{mail.body}", "html": html}
    assert_reads_as_before(GOLDEN, f"{name}.{language}", written)


@pytest.mark.parametrize("name,language", CASES)
def test_it_is_small_and_whole(mail_of, name, language):
    mail = mail_of(name, language)
    [(html, _type)] = mail.alternatives

    assert len(html.encode()) < 20_000
    assert "https://portal.example/" in mail.body and f'lang="{language}"' in html
    for text in (mail.subject, mail.body, html):
        assert "{{" not in text and "None" not in text


def test_no_golden_letter_is_left_over():
    assert {path.name.split(".")[0] for path in GOLDEN.iterdir()} == set(LETTERS)
