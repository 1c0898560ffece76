"""Whoever holds an expired link can ask for a fresh one, which grants nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from partners.models import Partnership, PartnershipRequest
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from tests.factories import make_request

Status = PartnershipRequest.Status


@pytest.fixture
def expired(provider):
    return make_request(
        provider.organization,
        created_by=provider.user,
        recipient="partner@kessler.example",
        expires_at=now() - timedelta(days=1),
    )


@pytest.fixture
def ask(expired):
    def press(browser=None):
        url = reverse("invitation_new_link", args=[expired.token])
        return (browser or Client()).post(url, follow=True)

    return press


def test_the_expired_page_offers_it(expired):
    page = Client().get(reverse("invitation", args=[expired.token]))

    assert reverse("invitation_new_link", args=[expired.token]) in page.text


@pytest.mark.parametrize(
    "language,words", [("en", "asks for a new one"), ("de", "bittet um einen neuen")]
)
def test_whoever_asked_is_told(ask, expired, provider, work, language, words):
    provider.user.language = language
    provider.user.save()

    response = ask()

    assert f"{provider.user} is told" in response.text
    [mail] = work()
    assert mail.to == [provider.user.email]
    assert words in mail.body and expired.recipient in mail.body
    assert expired.reference in mail.body
    assert expired.token not in mail.body


def test_it_is_on_the_providers_record(ask, provider):
    ask()

    [entry] = AuditEntry.objects.visible_to(provider)
    assert (entry.action, entry.actor) == ("partnershiprequest.wanted", None)


def test_once_a_day(ask, provider):
    ask()
    response = ask()

    assert "has been told today already" in response.text
    assert OutboxMessage.objects.count() == 1
    assert AuditEntry.objects.visible_to(provider).count() == 1


def test_it_grants_nothing(ask, expired):
    before = PartnershipRequest.objects.values().get()

    ask()

    assert PartnershipRequest.objects.values().get() == before
    assert not Partnership.objects.exists()


def test_looking_asks_for_nothing(expired):
    assert Client().get(reverse("invitation_new_link", args=[expired.token])).status_code == 405
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DECLINED, Status.ACCEPTED])
def test_only_what_ran_out(ask, expired, reseller, status):
    PartnershipRequest.objects.update(
        status=status, reseller=reseller.organization, answered_at=now()
    )

    assert ask().status_code == 410
    assert not OutboxMessage.objects.exists()


def test_an_open_request_needs_none(ask, expired):
    PartnershipRequest.objects.update(expires_at=now() + timedelta(days=1))

    assert ask().status_code == 200
    assert not OutboxMessage.objects.exists()


def test_an_unknown_link(db):
    assert Client().post("/invitations/7Q2FK/new-link/").status_code == 404


def test_without_a_token_of_the_page_nothing_is_sent(expired):
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(reverse("invitation_new_link", args=[expired.token])).status_code == 403
    assert not OutboxMessage.objects.exists()
