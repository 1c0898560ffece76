"""Opened is a hint: noted when the page says so on somebody's screen, never by loading it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import PartnershipRequest
from portal.audit.models import AuditEntry
from tests.factories import make_membership, make_request
from tests.hostile.state import changed, everything

LINK = re.compile(r'(?:href|src|action|hx-get)="(/[^"#]*)')


@pytest.fixture
def invited(provider):
    return make_request(provider.organization, recipient="partner@kessler.example")


@pytest.fixture
def say(invited):
    def press(browser=None, **headers):
        url = reverse("invitation_opened", args=[invited.token])
        response = (browser or Client()).post(url, headers=headers)
        invited.refresh_from_db()
        return response

    return press


def test_the_page_says_so_by_itself(invited):
    page = Client().get(reverse("invitation", args=[invited.token])).text

    url = reverse("invitation_opened", args=[invited.token])
    form = re.search(rf'<form[^>]*hx-post="{url}"[^>]*>.*?</form>', page, re.S)[0]
    assert 'hx-trigger="load"' in form
    assert "csrfmiddlewaretoken" in form


def test_it_is_noted_the_first_time(say, invited):
    assert say().status_code == 204
    first = invited.opened_at
    assert first is not None

    assert say().status_code == 204
    assert invited.opened_at == first
    assert invited.status == "sent"
    assert not AuditEntry.objects.exists()


def test_not_for_the_providers_own_staff(say, invited, provider, browser_of):
    colleague = make_membership(organization=provider.organization)

    for membership in (provider, colleague):
        assert say(browser_of(membership)).status_code == 204
        assert invited.opened_at is None


def test_for_the_reseller(say, invited, reseller, browser_of):
    say(browser_of(reseller))

    assert invited.opened_at is not None


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "prerender"])
def test_not_for_a_page_nobody_has_asked_for_yet(say, invited, purpose):
    say(**{"Sec-Purpose": purpose})

    assert invited.opened_at is None


@pytest.mark.parametrize("status", ["withdrawn", "declined", "expired"])
def test_not_for_what_is_closed(say, invited, status):
    PartnershipRequest.objects.update(status=status)

    assert say().status_code == 204
    assert invited.opened_at is None


def test_without_a_token_of_the_page_nothing_is_noted(invited, say):
    assert say(Client(enforce_csrf_checks=True)).status_code == 403
    assert invited.opened_at is None


def test_an_unknown_link(db):
    assert Client().post("/invitations/7Q2FK/opened/").status_code == 404


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("purpose", ["", "prefetch"])
def test_a_scanner_that_follows_every_link_changes_nothing(
    invited, reseller, browser_of, signed_in, purpose
):
    """GET and HEAD, of the page and of everything it leads to, two steps deep."""
    browser = browser_of(reseller) if signed_in else Client()
    waiting, seen = [reverse("invitation", args=[invited.token])], set()
    before = everything()

    for _step in range(3):
        found = set()
        for url in waiting:
            seen.add(url)
            browser.head(url, headers={"Sec-Purpose": purpose})
            response = browser.get(url, headers={"Sec-Purpose": purpose})
            is_page = "html" in response.get("Content-Type", "")
            found |= set(LINK.findall(response.text)) if is_page else set()
        waiting = sorted(url.replace("&amp;", "&") for url in found - seen if "static" not in url)

    assert len(seen) > 10
    # The sign-in package notes the address of whoever looks at theirs.
    assert set(changed(before)) <= {"account_emailaddress"}
    invited.refresh_from_db()
    assert (invited.opened_at, invited.status) == (None, "sent")
