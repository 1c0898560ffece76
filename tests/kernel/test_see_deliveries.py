"""Staff see what was sent to whom, when, and what became of it; never what it said."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils.timezone import now

from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.outbox import worker
from portal.outbox.models import OutboxMessage
from portal.staff.tasks import send_invitation
from tests.factories import (
    make_customer,
    make_invitation,
    make_membership,
    make_message,
    make_order,
    make_partner,
)
from tests.kernel import tasks

Status = OutboxMessage.Status
TO = "lea@kessler-it.example"


@pytest.fixture
def page(provider, browser_of):
    """The text of the list of deliveries with this query."""
    return lambda **query: browser_of(provider).open("outbox:message_list", **query).text


def sent(provider):
    message = make_message(provider.organization, status="queued", task=tasks.mail.name)
    worker.work_once()
    message.refresh_from_db()
    return message


def test_to_whom_and_that_it_was_accepted(provider, page, mailoutbox):
    message = sent(provider)

    assert message.recipient == ", ".join(mailoutbox[0].recipients())
    assert message.recipient in page().replace("<wbr>", "")
    assert "The mail server has accepted it." in page()
    assert mailoutbox[0].body not in page()


def test_the_subject_is_shown_as_the_recipient_reads_it(provider, page):
    invitation = make_invitation(provider.organization, language="de", invited_by=provider.user)
    make_message(
        provider.organization,
        status="queued",
        task=send_invitation.name,
        kwargs={"request_id": invitation.pk, "sent_at": invitation.sent_at.isoformat()},
        subject="Invitation to somebody",
    )
    assert "Subject as sent" not in page()

    worker.work_once()

    assert "Invitation to somebody" in page()
    assert "Subject as sent: Nordwind Distribution lädt Sie zu" in page()


def test_what_the_portal_itself_writes_above_a_mail_is_not_kept(db, mailoutbox):
    """It may be a code: ``partners/emails/enrolment_code``."""
    message = make_message(None, status="queued", task=tasks.mail.name)

    worker.work_once()

    message.refresh_from_db()
    assert mailoutbox and message.recipient
    assert message.sent_subject == ""


@pytest.mark.parametrize(
    "error,words",
    [
        (
            smtplib.SMTPRecipientsRefused({TO: (550, b"5.1.1 no such\r\nuser")}),
            "550 5.1.1 no such user",
        ),
        (smtplib.SMTPDataError(554, b"<b>spam\xff"), "554 &lt;b&gt;spam\ufffd"),
    ],
)
def test_the_mail_servers_answer(provider, page, monkeypatch, error, words):
    def refuse(self, mails):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    message = sent(provider)

    assert (message.status, bool(message.recipient)) == (Status.FAILED, True)
    assert words in page()


def test_what_never_got_a_mail_has_no_recipient(provider, page):
    message = make_message(provider.organization, status="queued", task=tasks.nothing.name)
    worker.work_once()
    message.refresh_from_db()

    assert (message.recipient, message.outcome) == ("", "It is done.")


def test_search_by_recipient_and_subject(provider, page):
    make_message(provider.organization, subject="First letter", recipient=TO)
    make_message(provider.organization, subject="Second letter")

    assert "First letter" in page(q="KESSLER-it") and "Second letter" not in page(q="KESSLER-it")
    assert "Second letter" in page(q="second") and "First letter" not in page(q="second")
    assert "Nothing matches" in page(q="%_")


def test_from_one_day_to_another(provider, page):
    old = make_message(provider.organization, subject="Old letter")
    make_message(provider.organization, subject="New letter")
    OutboxMessage.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=9))
    day = (now() - timedelta(days=5)).date().isoformat()

    assert "New letter" in page(since=day) and "Old letter" not in page(since=day)
    assert "Old letter" in page(until=day) and "New letter" not in page(until=day)
    assert "Old letter" in page(until="9999-12-31", since="nonsense")


def test_of_others_nothing_is_said(provider, outsider, page):
    make_message(outsider.organization, subject="Theirs", recipient=TO)

    assert "Theirs" not in page() and "Theirs" not in page(q=TO)


def test_nobody_else_confirms(provider, outsider, browser_of):
    message = make_message(provider.organization, status=Status.UNCERTAIN)
    nobody = make_membership(organization=provider.organization)
    nobody.roles = []
    nobody.save()

    assert browser_of(outsider).open("outbox:message_confirm", message.pk).status_code == 404
    assert browser_of(nobody).open("outbox:message_confirm", message.pk).status_code == 403
    agent = make_membership(Role.SALES_AGENT, organization=provider.organization)
    assert browser_of(agent).open("outbox:message_confirm", message.pk).status_code == 200


def test_back_to_where_it_was_asked(provider, browser_of):
    message, browser = (
        make_message(provider.organization, status=Status.UNCERTAIN),
        browser_of(provider),
    )
    here = browser.url("audit:entry_list")

    asked = browser.send("outbox:message_retry", message.pk, data={"next": here})
    assert f'value="{here}"' in browser.get(asked["Location"]).text
    answer = browser.send("outbox:message_retry", message.pk, data={"next": here, "sure": "yes"})

    assert answer["Location"] == here


def test_who_gets_it_is_not_read_as_a_day(provider, browser_of):
    make_message(provider.organization, recipient=TO)
    browser = browser_of(provider)
    browser.cookies["django_language"] = "de"
    german = browser.open("outbox:message_list").text

    assert 'data-label="An"' in german and 'data-label="Bis"' not in german


# ---- Resellers and customers have theirs


@pytest.mark.parametrize("kind", [Kind.RESELLER, Kind.CUSTOMER])
def test_every_side_sees_its_own_and_tries_it_again(browser_of, provider, kind):
    member = make_membership(Role.USER_ADMIN, organization=make_partner(kind))
    own = make_message(member.organization, subject="Ours", status="failed", recipient=TO)
    make_message(provider.organization, subject="Theirs", recipient=TO)
    browser = browser_of(member)

    page = browser.open("outbox:message_list", q="kessler").text
    assert "Ours" in page and "Theirs" not in page
    assert browser.url("outbox:message_list") in browser.open("subscriptions:home").text
    assert browser.send("outbox:message_retry", own.pk).status_code == 302

    own.refresh_from_db()
    assert own.status == Status.QUEUED
    entry = AuditEntry.objects.get(organization=member.organization)
    assert (entry.action, entry.actor) == ("outboxmessage.retried", member.user)


@pytest.mark.parametrize("kind", [Kind.RESELLER, Kind.CUSTOMER])
def test_home_leads_to_what_was_not_delivered(browser_of, kind):
    member = make_membership(organization=make_partner(kind))
    make_message(member.organization, status="failed")

    browser = browser_of(member)
    url = browser.url("outbox:message_list", status="failed")
    assert url in browser.open("subscriptions:home").text


def test_a_reseller_tries_no_order_again(browser_of, provider, reseller, partnership):
    customer = make_customer(provider.organization, reseller.organization)
    order = make_order(customer, placed_by=provider.user)

    for name in ("subscriptions:line_retry", "subscriptions:order_revive"):
        assert browser_of(reseller).send(name, order.pk).status_code == 404
