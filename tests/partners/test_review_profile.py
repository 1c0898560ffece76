"""*Company profile*: what others see of the company, looked over once a year by providers."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from tests.factories import make_membership

DETAIL = "partners:profile_detail"
REVIEW = "partners:profile_review"


@pytest.fixture
def profile(provider):
    found = provider.organization.partner
    found.address, found.postal_code, found.city = "Kaiserkai 10", "20457", "Hamburg"
    found.phone, found.languages = "+49 40 5550", ["en", "de"]
    found.description = "We <b>distribute</b>."
    found.save()
    return found


def test_it_shows_what_the_list_shows(profile, provider, browser_of):
    browser = browser_of(provider)
    page = browser.open(DETAIL)
    public = browser.get(page.context["preview_url"])

    for text in (page.text, public.text):
        for fact in ("Kaiserkai 10<br>20457 Hamburg<br>Germany", "English, German", "+49 40 5550"):
            assert fact in text
        assert "We &lt;b&gt;distribute&lt;/b&gt;." in text


def test_looking_reviews_nothing(profile, provider, browser_of):
    text = browser_of(provider).open(DETAIL).text

    profile.refresh_from_db()
    assert "Not reviewed yet." in text and "Profile reviewed" in text
    assert profile.reviewed_at is None


def test_reviewing(profile, provider, browser_of):
    browser = browser_of(provider)

    for _ in range(2):
        assert browser.send(REVIEW).status_code == 302
    text = browser.open(DETAIL).text

    profile.refresh_from_db()
    assert profile.reviewed_by == provider.user and profile.reviewed_at
    assert AuditEntry.objects.filter(action="profile.reviewed").count() == 1
    assert "Reviewed by Ada Wong on" in text
    assert ">Profile reviewed<" not in text


def test_a_year_later_it_is_asked_again(profile, provider, browser_of):
    profile.reviewed_at = now() - timedelta(days=365)
    profile.save()
    browser = browser_of(provider)

    assert "Last reviewed on" in browser.open(DETAIL).text
    browser.send(REVIEW)

    profile.refresh_from_db()
    assert not profile.review_is_due


def test_only_global_admins_review(profile, provider, browser_of):
    agent = browser_of(make_membership(Role.ADMIN_AGENT, organization=provider.organization))

    assert "Profile reviewed" not in agent.open(DETAIL).text
    assert agent.send(REVIEW).status_code == 403
    profile.refresh_from_db()
    assert profile.reviewed_at is None


def test_resellers_have_a_profile_and_nothing_to_review(reseller, browser_of):
    browser = browser_of(reseller)

    text = browser.open(DETAIL).text

    assert "What your indirect providers see of your company." in text
    assert "Profile reviewed" not in text and "reviewed" not in text
    assert browser.send(REVIEW).status_code == 404


def test_an_unlisted_provider_has_no_preview(profile, provider, browser_of):
    profile.listed = False
    profile.save()

    page = browser_of(provider).open(DETAIL)

    assert "preview_url" not in page.context
    assert "not on the official providers list" in page.text


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("DE", ["20457 Hamburg"]),
        ("GB", ["Hamburg", "20457"]),
        ("US", ["Hamburg, HH 20457"]),
        ("JP", ["20457", "Hamburg"]),
    ],
)
def test_the_address_is_written_as_in_its_country(profile, country, lines):
    profile.organization.country = country
    profile.state = "HH" if country == "US" else ""
    assert profile.address_lines == [*filter(None, [profile.address]), *lines]
