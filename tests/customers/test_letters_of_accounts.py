"""The letter with a user's personal link, word for word: ``golden/<letter>.<language>.txt``.

To change it on purpose, remove its file: the next run writes it anew and fails once.
"""

from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils.dateparse import parse_datetime

from customers import emails
from customers.models import AccountInvitation, CustomerUser
from portal import tokens
from portal.accounts.models import Organization, User
from portal.accounts.roles import Kind
from tests.golden import assert_reads_as_before

GOLDEN = Path(__file__).parent / "golden"
WAYS = ("account_by_partner", "account_by_customer")
CASES = [(way, language) for way in WAYS for language, _ in site.LANGUAGES]


@pytest.fixture
def mail_of(settings):
    """The mail, the same on every day and in every installation."""
    settings.PUBLIC_URL, settings.SITE_NAME = "https://portal.example", "Twotier"
    settings.SUPPORT_EMAIL, settings.INVITATION_KEYS = "support@portal.example", ["a key"]

    def written(way, language):
        partner = Organization(pk=1, name="Nordwind Distribution GmbH", kind=Kind.PROVIDER)
        customer = Organization(pk=2, name="Vogel Optik GmbH", kind=Kind.CUSTOMER)
        user = User(username="nora.neu@vogel.onportal.example")
        invitation = AccountInvitation(
            organization=customer,
            acting_for=partner if way == "account_by_partner" else customer,
            person=CustomerUser(display_name="Nora Neu", user=user),
            email="nora@elsewhere.example",
            language=language,
            invited_by=User(first_name="Anna", last_name="Brandt", email="a@b.example"),
            nonce="nonce",
            expires_at=parse_datetime("2026-12-22T09:14:00Z"),
        )
        invitation.token_hash = tokens.digest(tokens.make("nonce", AccountInvitation.PURPOSE))
        return emails.account_invitation(invitation)

    return written


@pytest.mark.parametrize("way,language", CASES)
def test_it_reads_as_before(mail_of, way, language):
    mail = mail_of(way, language)
    [(html, _type)] = mail.alternatives
    head = f"From: {mail.from_email}\nTo: {mail.to[0]}\nReply-To: {', '.join(mail.reply_to)}\n"
    written = {"txt": f"{head}Subject: {mail.subject}\n\n{mail.body}", "html": html}
    assert_reads_as_before(GOLDEN, f"{way}.{language}", written)


def test_no_golden_letter_is_left_over():
    assert {path.name.split(".")[0] for path in GOLDEN.iterdir()} == set(WAYS)
