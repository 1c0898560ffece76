"""Each request has its page: how it stands, and everything that happened to it, in order."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from partners import services, wording
from partners.models import PartnershipRequest
from partners.timeline import deliveries, timeline
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import find_forgotten, work_once
from tests.factories import make_request

ADDRESS = "partner@kessler-it.example"


@pytest.fixture
def sent(save, draft):
    save("send", recipient=ADDRESS)
    return draft


@pytest.fixture
def page(provider, browser_of):
    return lambda request: browser_of(provider).open("partners:request_detail", request.pk).text


def titles(request, membership):
    request.refresh_from_db()
    events = timeline(request, membership, deliveries(request, membership))
    return [event.title for event in events]


def test_everything_that_happened_newest_first(sent, provider, reseller, work):
    assert titles(sent, provider)[0] == "The email waits to be sent"
    work()
    PartnershipRequest.objects.update(opened_at=now())
    services.remind_recipient(sent, actor=provider)
    services.extend_request(sent, actor=provider, by_mail=False)
    location = reseller.organization.mpn_accounts.get()
    services.accept_request(PartnershipRequest.objects.get(), actor=reseller, location=location)

    assert titles(sent, provider) == [
        "Ada Wong accepted a partnership request",
        "Ada Wong extended a partnership request with a new link",
        "The email waits to be sent",
        "Ada Wong sent a reminder of a partnership request",
        "The link was opened",
        "The mail server accepted the email",
        "Ada Wong sent a partnership request",
        "Ada Wong drafted a partnership request",
    ]


def test_opening_is_called_a_hint(provider, page):
    request = make_request(provider.organization, opened_at=now())

    assert "A hint only: it may have been a mail scanner." in page(request)


def test_a_mail_nobody_knows_the_fate_of_waits_for_a_decision(
    sent, provider, browser_of, page, monkeypatch, mailoutbox
):
    """The worker was killed while it handed the mail over."""

    def killed(self, mails):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", killed)
        with pytest.raises(SystemExit):
            work_once()
    OutboxMessage.objects.update(lease_until=now() - timedelta(seconds=1))
    find_forgotten()
    assert not work_once()

    text = page(sent)
    assert "Nobody knows whether the email arrived" in text
    assert "/retry/" in text
    staff, waiting = browser_of(provider), OutboxMessage.objects.get().pk
    asked = staff.send("outbox:message_retry", waiting, follow=True)
    assert "a second time" in asked.text and not work_once()
    staff.send("outbox:message_retry", waiting, data={"sure": "yes"})
    assert work_once()
    assert len(mailoutbox) == 1
    assert "The mail server accepted the email" in page(sent)


def test_an_open_request_shows_its_link_when_asked_and_that_is_on_record(
    provider, browser_of, page
):
    request = make_request(provider.organization, body=f"Hello {wording.LINK_MARK}")
    assert request.token not in page(request)
    assert "[personal link]" in page(request)

    response = browser_of(provider).send("partners:request_link", request.pk)

    assert wording.invitation_url(request) in response.text
    assert "no-store" in response["Cache-Control"]
    entry = AuditEntry.objects.get(action="partnershiprequest.copied")
    assert entry.actor == provider.user


def test_a_closed_request_has_no_link_to_show(provider, browser_of):
    request = make_request(provider.organization, status="withdrawn")

    response = browser_of(provider).send("partners:request_link", request.pk)

    assert response.status_code == 409
    assert request.token not in response.text


def test_each_state_offers_what_can_be_done(provider, page):
    offers = {
        "sent": {"Send reminder", "Copy link", "Extend by 30 days", "Send again", "Withdraw"},
        "declined": {"Request again"},
        "withdrawn": {"Request again"},
        "expired": {"Request again"},
    }
    everything = set().union(*offers.values())
    for status, offered in offers.items():
        request = make_request(
            provider.organization, status=status, recipient=ADDRESS, sent_at=now()
        )
        text = page(request).partition("What happened")[0]
        assert {words for words in everything if f">{words}<" in text} == offered, status


def test_the_reason_of_a_no_is_shown(provider, page, reseller):
    request = make_request(
        provider.organization,
        status="declined",
        reseller=reseller.organization,
        answered_at=now(),
        answered_by=reseller.user,
        decline_reason="Too far away",
    )

    assert "Too far away" in page(request)


def test_withdrawing_tells_those_who_want_to_know_but_not_of_drafts(draft, provider, monkeypatch):
    told = []
    monkeypatch.setattr(
        "partners.services.telling.request_withdrawn",
        lambda request, *, actor: told.append((request, actor)),
    )
    request = make_request(provider.organization, sent_at=now())

    services.withdraw_request(request, actor=provider)
    services.withdraw_request(draft, actor=provider)

    assert told == [(request, provider)]


def test_actions_are_posts_and_looking_does_nothing(provider, browser_of):
    request = make_request(provider.organization, recipient=ADDRESS, sent_at=now())
    browser = browser_of(provider)

    for name in ("link", "remind", "extend", "resend", "again"):
        assert browser.open(f"partners:request_{name}", request.pk).status_code == 405
    assert not AuditEntry.objects.exists()


def test_what_was_sent_under_a_retired_key_can_be_given_a_new_link(
    provider, browser_of, page, settings
):
    """The old link goes on working, but nobody can write it down any more."""
    request = make_request(provider.organization, recipient=ADDRESS, sent_at=now())
    settings.INVITATION_KEYS = ["another key"]
    text = page(request)
    assert "Copy link" not in text and "Extend by 30 days" in text

    seen = {"seen": request.sent_at.isoformat(), "by_mail": "on"}
    browser_of(provider).send("partners:request_extend", request.pk, data=seen)

    assert "Copy link" in page(request)


def test_an_extension_says_until_when(sent, provider, page):
    services.extend_request(sent, actor=provider)

    assert f"The link works until {localtime() + timedelta(days=30):%-d %b %Y}." in page(sent)


@pytest.mark.parametrize("status", ["sent", "draft"])
def test_before_withdrawing_it_says_who_is_told(provider, browser_of, status):
    sent_at = now() if status == "sent" else None
    request = make_request(provider.organization, status=status, sent_at=sent_at)

    text = browser_of(provider).open("partners:request_withdraw", request.pk).text

    assert ("colleagues who asked get an email" in text) == (status == "sent")
    assert ("It was never sent, so nobody is told." in text) == (status == "draft")
