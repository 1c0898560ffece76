"""Every letter of a notice as it is sent, word for word: ``golden/<kind>.<language>.txt`` and html.

To change one on purpose, remove its file: the next run writes it anew and fails once.
"""

from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils.dateparse import parse_datetime

from portal.accounts.models import User
from portal.notices.emails import notice_mail
from portal.notices.kinds import KINDS
from portal.notices.models import Notice
from portal.outbox.services import SUBJECT_LENGTH
from tests.factories import make_organization
from tests.golden import assert_reads_as_before

GOLDEN = Path(__file__).parent / "golden"
LETTERS = [name for name, kind in KINDS.items() if kind.letter]
CASES = [(name, language) for name in LETTERS for language, _ in site.LANGUAGES]
FACTS = {
    "after": 1200,
    "add_customer_path": "/o/nordwind/customers/new/?reseller=R-7K3QX2",
    "administrators": "Nordwind Distribution GmbH, Kessler IT-Systemhaus GmbH",
    "asks": True,
    "because": "withdrawn",
    "before": 1250,
    "city": "Hamburg",
    "customer": "Vogel Optik GmbH",
    "customers": "- Vogel Optik GmbH\n- Weber & Sohn KG",
    "days": 730,
    "deleted_at": "2027-04-22T12:00:00Z",
    "due_at": "2027-03-14T12:00:00Z",
    "expires_at": "2026-12-22T09:14:00Z",
    "file": "resellers.csv",
    "further": 12,
    "licenses": 1200,
    "mpn_id": "4847383",
    "not_sent": 2,
    "note": "We close one office in spring.",
    "number": 14,
    "order": "O-7K3QX2",
    "partner": "Kessler IT-Systemhaus GmbH",
    "person": "Maren Kessler",
    "product": "Business Premium",
    "provider": "Nordwind Distribution GmbH",
    "reason": "We work with another provider this year.",
    "recipient": "partner@kessler-it.example",
    "reference": "Q-7K3QX2",
    "reseller": "Kessler IT-Systemhaus GmbH",
    "sent": 40,
    "until_at": "2027-01-22T09:14:00Z",
    "wanted": "10 × Business Premium\n25 × Power BI Pro",
    "who": "",
}


@pytest.fixture
def mail_of(db, settings):
    """The mail of a notice of this kind, the same on every day and in every installation."""
    settings.PUBLIC_URL, settings.SITE_NAME = "https://portal.example", "Twotier"
    settings.SUPPORT_EMAIL = "support@portal.example"

    def written(kind, language):
        company = make_organization(name="Nordwind Distribution GmbH", slug="nordwind")
        path = "/o/nordwind/indirect-resellers/"
        notice = Notice(organization=company, kind=kind, about="x", path=path, facts=FACTS)
        notice.at = parse_datetime("2026-11-21T08:14:00Z")
        reader = User(first_name="Anna", last_name="Brandt", email="a@b.example", language=language)
        return notice_mail(notice, reader)

    return written


@pytest.mark.parametrize("kind,language", CASES)
def test_it_reads_as_before(mail_of, kind, language):
    mail = mail_of(kind, language)
    [(html, _type)] = mail.alternatives
    written = {"txt": f"Subject: {mail.subject}\n\n{mail.body}", "html": html}
    assert_reads_as_before(GOLDEN, f"{kind}.{language}", written)


@pytest.mark.parametrize("kind,language", CASES)
def test_it_is_small_and_whole(mail_of, kind, language):
    mail = mail_of(kind, language)
    [(html, _type)] = mail.alternatives

    assert len(html.encode()) < 20_000
    assert len(mail.subject) <= SUBJECT_LENGTH and "!" not in mail.subject + mail.body
    assert "/o/nordwind/indirect-resellers/" in mail.body and f'lang="{language}"' in html
    for text in (mail.subject, mail.body, html):
        assert "{{" not in text and "None" not in text


def test_no_golden_letter_is_left_over():
    kept = {path.name.split(".")[0] for path in GOLDEN.iterdir()}
    assert kept == set(LETTERS)
