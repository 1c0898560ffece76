"""*Extend* and *Send again*: a new link each time, and the old one dies."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils.timezone import now

from partners import wording
from partners.models import PartnerProfile, PartnershipRequest
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from tests.factories import make_request

ADDRESS = "partner@kessler-it.example"
RENEWALS = ["extend", "resend"]


@pytest.fixture
def sent(save, draft, work):
    save("send", recipient=ADDRESS)
    work()
    return draft


@pytest.fixture
def press(provider, browser_of):
    """``press("extend", request)``: as the page has it, the box ticked."""

    def send(what, request, **changes):
        fields = {"seen": request.sent_at.isoformat(), "by_mail": "on"} | changes
        fields = {name: value for name, value in fields.items() if value is not None}
        response = browser_of(provider).send(f"partners:request_{what}", request.pk, data=fields)
        request.refresh_from_db()
        return response

    return send


def opens(link):
    return Client().get(urlsplit(link).path).status_code == 200


@pytest.mark.parametrize("what", RENEWALS)
def test_the_old_link_dies_and_the_new_one_is_mailed(sent, press, work, what):
    old = wording.invitation_url(sent)
    assert opens(old)

    assert press(what, sent).status_code == 302

    new = wording.invitation_url(sent)
    assert new != old
    assert not opens(old)
    assert opens(new)
    mail = work()[1]
    assert new in mail.body and old not in mail.body
    assert mail.to == [ADDRESS]


def test_extending_gives_the_providers_time_from_now_and_the_mail_says_so(sent, press, work):
    PartnerProfile.objects.update(invitation_days=60)
    PartnershipRequest.objects.update(expires_at=now() + timedelta(days=2))

    press("extend", sent)

    assert abs(sent.expires_at - now() - timedelta(days=60)) < timedelta(minutes=1)
    assert wording.last_day(sent) in work()[1].body


def test_sending_again_keeps_the_day(sent, press):
    before = sent.expires_at

    press("resend", sent)

    assert sent.expires_at == before


@pytest.mark.parametrize("what", RENEWALS)
def test_a_second_press_is_told_that_it_is_done(sent, press, work, what):
    seen = sent.sent_at.isoformat()
    press(what, sent)
    link = wording.invitation_url(sent)

    press(what, sent, seen=seen)

    assert wording.invitation_url(sent) == link
    assert len(work()) == 2


def test_without_the_tick_the_link_is_only_renewed(sent, press, work):
    press("extend", sent, by_mail=None)

    assert len(work()) == 1
    entry = AuditEntry.objects.get(action="partnershiprequest.extended")
    assert entry.details["mailed"] is False


def test_extending_what_names_nobody_sends_nothing_and_offers_the_link(
    save, draft, press, work, provider, browser_of
):
    save("done")

    press("extend", draft)

    assert work() == []
    browser = browser_of(provider)
    page = browser.open("partners:request_detail", draft.pk).text
    assert "Copy link" in page and wording.invitation_url(draft) not in page
    assert wording.invitation_url(draft) in browser.send("partners:request_link", draft.pk).text


def test_sending_again_needs_an_address(save, draft, press, work):
    save("done")
    before = wording.invitation_url(draft)

    response = press("resend", draft)

    assert response.status_code == 302
    assert wording.invitation_url(draft) == before
    assert work() == []


@pytest.mark.parametrize("what", RENEWALS)
@pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01T10:00", "x" * 300])
def test_a_tampered_page_renews_nothing(sent, press, what, seen):
    before = wording.invitation_url(sent)

    assert press(what, sent, seen=seen).status_code == 422
    assert wording.invitation_url(sent) == before


@pytest.mark.parametrize("what", RENEWALS)
@pytest.mark.parametrize(
    "state", [{"status": "declined"}, {"status": "withdrawn"}, {"expires_at": now()}]
)
def test_what_has_ended_is_not_renewed(provider, press, what, state):
    request = make_request(provider.organization, recipient=ADDRESS, sent_at=now(), **state)
    before = request.nonce

    assert press(what, request).status_code == 409
    assert request.nonce == before


def test_a_mail_that_waited_longer_than_its_link_lived_is_not_sent(save, draft, press, work):
    """The mail server was away, and meanwhile somebody sent it again."""
    save("send", recipient=ADDRESS)
    press("resend", draft)

    [mail] = work()

    assert wording.invitation_url(draft) in mail.body
    outcomes = OutboxMessage.objects.order_by("created_at").values_list("status", flat=True)
    assert list(outcomes) == ["failed", "done"]


def test_nobody_is_offered_to_try_the_old_link_again(
    save, draft, press, work, provider, browser_of
):
    save("send", recipient=ADDRESS)
    press("resend", draft)
    work()

    page = browser_of(provider).open("partners:request_detail", draft.pk).text

    assert "The link was renewed before this email could be sent." in page
    assert "/retry/" not in page


def test_a_text_of_ones_own_is_not_mailed_by_the_portal_if_it_leads_elsewhere(
    save, draft, press, work
):
    """Done is not limited, so what was sent by hand may hold anything."""
    text = f"Look at https://evil.example\n{wording.invitation_url(draft)}"
    save("done", recipient=ADDRESS, text=text)
    before = draft.nonce

    for what in RENEWALS:
        assert press(what, draft).status_code == 302
    assert draft.nonce == before
    assert work() == []


@pytest.mark.parametrize("what", [*RENEWALS, "link"])
def test_each_is_on_record_without_the_secret(sent, press, what):
    press(what, sent)

    action = {"extend": "extended", "resend": "resent", "link": "copied"}[what]
    assert AuditEntry.objects.filter(action=f"partnershiprequest.{action}").count() == 1
    assert sent.token not in str(list(AuditEntry.objects.values()))
    assert sent.token not in str(list(OutboxMessage.objects.values()))
