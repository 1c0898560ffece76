"""*Send reminder*: the same link once more, in moderation, in the same conversation."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from partners import services, wording
from partners.models import PartnershipRequest
from partners.services.reminders import remind_recipient
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.outbox.models import OutboxMessage
from tests.factories import make_request

ADDRESS = "partner@kessler-it.example"


@pytest.fixture
def sent(save, draft, work):
    """A request whose mail has arrived."""
    save("send", recipient=ADDRESS)
    work()
    return draft


@pytest.fixture
def press(provider, browser_of):
    def remind(request):
        response = browser_of(provider).send("partners:request_remind", request.pk)
        request.refresh_from_db()
        return response

    return remind


def test_the_reminder_has_the_same_link_and_continues_the_conversation(sent, press, work):
    assert press(sent).status_code == 302

    first, reminder = work()
    assert reminder.to == [ADDRESS]
    assert reminder.subject.startswith("Reminder: partnership request from Nordwind Distribution")
    assert wording.invitation_url(sent) in reminder.body
    assert "select Decline" in reminder.body.replace("Select", "select")
    assert reminder.message()["In-Reply-To"] == first.message()["Message-ID"]
    assert reminder.message()["Message-ID"] != first.message()["Message-ID"]
    assert 'bgcolor="#055b63"' in reminder.alternatives[0][0]


def test_it_says_when_we_asked_and_until_when(sent, press, work):
    PartnershipRequest.objects.update(
        sent_at=now().replace(month=3, day=14, hour=12),
        expires_at=now() + timedelta(days=20),
        language="de",
    )

    press(sent)

    body = work()[1].body
    assert "am 14. März haben wir angefragt" in body
    assert "„Ablehnen“" in body


def test_pressed_twice_reminds_once(sent, press, work):
    press(sent)
    press(sent)

    assert len(work()) == 2
    assert sent.reminders == 1


def test_three_days_later_it_is_possible_again(sent, press, work, provider, browser_of):
    press(sent)
    page = browser_of(provider).open("partners:request_detail", sent.pk).text
    assert "The next reminder is possible from" in page
    assert "Send reminder" not in page

    PartnershipRequest.objects.update(reminded_at=now() - timedelta(days=3, seconds=1))
    assert "Send reminder" in browser_of(provider).open("partners:request_detail", sent.pk).text
    press(sent)

    assert len(work()) == 3
    assert sent.reminders == 2


def test_it_is_on_record_who_reminded(sent, press, provider):
    press(sent)

    entry = AuditEntry.objects.get(action="partnershiprequest.reminded")
    assert entry.actor == provider.user


@pytest.mark.parametrize("status", ["draft", "accepted", "declined", "withdrawn", "expired"])
def test_only_what_is_open_can_be_reminded_of(provider, status, reseller, work):
    answer = {"reseller": reseller.organization, "answered_at": now()}
    request = make_request(provider.organization, recipient=ADDRESS, status=status, **answer)

    with pytest.raises(InvalidTransition):
        remind_recipient(request, actor=provider)
    assert work() == []


def test_a_link_that_ran_out_a_second_ago_is_not_reminded_of(sent, press, work):
    PartnershipRequest.objects.update(expires_at=now() - timedelta(seconds=1))

    assert press(sent).status_code == 409
    assert len(work()) == 1


def test_a_reminder_that_waited_until_the_answer_is_not_sent(sent, press, work, provider):
    press(sent)
    services.withdraw_request(sent, actor=provider)

    assert len(work()) == 1


def test_without_an_address_the_text_is_there_to_be_sent_by_hand(save, draft, press, work):
    save("done")

    page = press(draft).text

    assert wording.invitation_url(draft) in page
    assert "mailto:?subject=Reminder%3A" in page
    assert work() == []
    assert draft.reminders == 0
    assert AuditEntry.objects.filter(action="partnershiprequest.copied").count() == 1


def test_a_failed_reminder_is_seen_and_tried_again(
    sent, press, work, provider, browser_of, monkeypatch
):
    browser = browser_of(provider)
    press(sent)
    with monkeypatch.context() as patched:
        patched.setattr(OutboxMessage, "MAX_ATTEMPTS", 1)
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.open", _away, raising=False)
        assert len(work()) == 1

    page = browser.open("partners:request_detail", sent.pk).text
    assert "nobody at home" in page
    assert "The email could not be delivered" in page
    failed = OutboxMessage.objects.get(status="failed")
    assert browser.url("outbox:message_retry", failed.pk) in page

    browser.send("outbox:message_retry", failed.pk)

    assert len(work()) == 2
    assert "/retry/" not in browser.open("partners:request_detail", sent.pk).text


def _away(self):
    raise ConnectionRefusedError("nobody at home")
