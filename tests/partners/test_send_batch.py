"""Bulk requests: sending them once, each for itself, and what is told about it."""

import csv
from io import StringIO
from threading import Thread

import pytest
from django.db import connection
from django.utils.timezone import now

from partners import services
from partners.models import PartnershipRequest, RequestBatch, RequestBatchRow
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.outbox.models import OutboxMessage
from portal.outbox.worker import work_once
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.factories import (
    make_batch,
    make_membership,
    make_partner,
    make_partnership,
    make_request,
)

DETAIL = "partners:batch_detail"
THREE = tuple(f"r{number}@kunde.example" for number in range(3))
HTMX = {"HX-Request": "true", "HX-Target": "batch-progress"}


@pytest.fixture
def browser(provider, browser_of):
    return browser_of(provider)


@pytest.fixture
def batch(provider):
    return make_batch(provider.organization, recipients=THREE, created_by=provider.user)


def invitations(mails):
    """Without the notice to whoever sent the file off."""
    return [mail for mail in mails if mail.to[0].endswith("@kunde.example")]


def rows(batch):
    return {row.recipient: row for row in batch.rows.select_related("request")}


def test_sending_promises_each_row_and_shows_the_progress(browser, batch):
    response = browser.send("partners:batch_send", batch.pk)

    batch.refresh_from_db()
    assert response["Location"] == browser.url(DETAIL, batch.pk)
    assert batch.status == "running" and batch.started_at
    assert set(OutboxMessage.objects.values_list("key", flat=True)) == {
        f"requestbatch:{batch.pk}:{line}" for line in (2, 3, 4)
    }
    text = browser.open(DETAIL, batch.pk).text
    assert "0 of 3 requests" in text
    assert "You can leave this page" in text
    assert 'hx-trigger="every 2s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "Send 3 requests" not in text


def test_every_row_becomes_one_request_and_one_mail(browser, batch, provider, work):
    batch.rows.filter(line=2).update(language="de", note="Bis bald in Hamburg")
    browser.send("partners:batch_send", batch.pk)

    mails = invitations(work())

    batch.refresh_from_db()
    assert batch.status == "completed" and batch.ended_at
    assert sorted(mail.to[0] for mail in mails) == sorted(THREE)
    assert {row.status for row in rows(batch).values()} == {"sent"}
    german = rows(batch)[THREE[0]].request
    assert (german.status, german.route, german.language) == ("sent", "portal", "de")
    assert german.created_by == provider.user
    (mail,) = [mail for mail in mails if mail.to == [THREE[0]]]
    assert "Guten Tag" in mail.body and "Bis bald in Hamburg" in mail.body
    assert AuditEntry.objects.filter(action="requestbatch.completed").count() == 1
    assert AuditEntry.objects.filter(action="requestbatchrow.sent").count() == 3


def test_pressed_twice_and_from_two_tabs(browser, batch, work):
    for _ in range(2):
        browser.send("partners:batch_send", batch.pk)
    work()
    late = browser.send("partners:batch_send", batch.pk)

    assert late.status_code == 302
    assert PartnershipRequest.objects.count() == 3
    assert len(invitations(work())) == 3


def test_a_row_is_done_once_whatever_the_worker_does(batch, provider):
    services.start_batch(batch, actor=provider)
    row = batch.rows.first()

    for _ in range(3):
        services.send_batch_row(row.pk, sender_id=provider.user_id)

    assert PartnershipRequest.objects.count() == 1
    assert OutboxMessage.objects.filter(task__endswith="send_request").count() == 1


def test_the_verdict_is_taken_again_when_it_is_sent(browser, batch, provider, work):
    browser.send("partners:batch_send", batch.pk)
    partner = make_membership(organization=make_partner())
    partner.user.email = THREE[0]
    partner.user.save()
    make_partnership(provider.organization, partner.organization)
    make_request(provider.organization, recipient=THREE[1].upper())

    work()

    batch.refresh_from_db()
    found = {recipient: (row.status, row.reason) for recipient, row in rows(batch).items()}
    assert found == {
        THREE[0]: ("failed", "partner"),
        THREE[1]: ("failed", "asked"),
        THREE[2]: ("sent", ""),
    }
    assert batch.status == "completed"
    assert AuditEntry.objects.filter(action="requestbatchrow.failed").count() == 2
    text = browser.open(DETAIL, batch.pk).text
    assert "Some requests could not be sent" in text
    assert "1 request was sent." in text and "2 failed, with the reasons below." in text
    assert "This reseller is your partner already." in text


def test_todays_limit_holds_for_the_last_row_too(browser, batch, work, settings):
    browser.send("partners:batch_send", batch.pk)
    settings.REQUESTS_PER_DAY = 2

    work()

    reasons = sorted(row.reason for row in rows(batch).values())
    assert reasons == ["", "", "day_limit"]


def test_one_row_that_breaks_leaves_the_others(browser, batch, work, monkeypatch):
    send = services.batches.send_request

    def breaking(draft, *, actor):
        if draft.recipient == THREE[1]:
            raise ValueError("nobody has thought of this")
        return send(draft, actor=actor)

    monkeypatch.setattr(services.batches, "send_request", breaking)
    browser.send("partners:batch_send", batch.pk)
    work()

    batch.refresh_from_db()
    assert {r: (row.status, row.reason) for r, row in rows(batch).items()} == {
        THREE[0]: ("sent", ""),
        THREE[1]: ("failed", "error"),
        THREE[2]: ("sent", ""),
    }
    assert batch.status == "completed"
    assert PartnershipRequest.objects.count() == 2  # no draft is left behind


@pytest.mark.parametrize("how", ["left", "demoted", "deactivated"])
def test_who_may_no_longer_ask_sends_nothing(browser, batch, provider, work, how):
    browser.send("partners:batch_send", batch.pk)
    mine = Membership.objects.filter(pk=provider.pk)
    make_membership(organization=provider.organization)  # who stays
    if how == "left":
        mine.delete()
    else:
        mine.update(**{"roles": []} if how == "demoted" else {"deactivated_at": now()})

    assert work() == []
    assert {row.reason for row in rows(batch).values()} == {"not_allowed"}


def test_refused_rows_are_never_sent(browser, batch, work):
    RequestBatchRow.objects.filter(pk=batch.rows.first().pk).update(
        status="refused", reason="twice"
    )
    browser.send("partners:batch_send", batch.pk)

    assert len(invitations(work())) == 2


def test_discarding(browser, batch, work):
    response = browser.send("partners:batch_discard", batch.pk)

    batch.refresh_from_db()
    assert response["Location"] == browser.url("partners:batch_create")
    assert batch.status == "cancelled"
    assert browser.send("partners:batch_discard", batch.pk).status_code == 302  # pressed twice
    assert browser.send("partners:batch_send", batch.pk).status_code == 409
    assert "was discarded" in browser.open(DETAIL, batch.pk).text
    assert work() == [] and not PartnershipRequest.objects.exists()


def test_what_runs_can_no_longer_be_discarded(browser, batch, provider):
    browser.send("partners:batch_send", batch.pk)

    assert browser.send("partners:batch_discard", batch.pk).status_code == 409
    with pytest.raises(InvalidTransition):
        services.discard_batch(batch, actor=provider)


def test_looking_changes_nothing(browser, batch):
    for name in ("batch_send", "batch_discard"):
        assert browser.open(f"partners:{name}", batch.pk).status_code == 405
    batch.refresh_from_db()
    assert batch.status == "checked"


def test_the_progress_redraws_itself_until_it_is_over(browser, batch, work):
    browser.send("partners:batch_send", batch.pk)
    url = browser.url(DETAIL, batch.pk)
    work_once()

    running = browser.get(url, headers=HTMX)
    work()
    over = browser.get(url, headers=HTMX)

    assert "1 of 3 requests" in running.text and "<html" not in running.text
    assert "http-equiv" not in running.text
    assert over["HX-Refresh"] == "true"
    assert "All requests are on their way" in browser.get(url).text


def test_filters_swap_the_list_alone(browser, batch):
    url = browser.url(DETAIL, batch.pk, verdict="ready")

    text = browser.get(url, headers={"HX-Request": "true", "HX-Target": "results"}).text

    assert text.lstrip().startswith("<section")
    assert THREE[0] in text


def test_the_result_can_be_taken_away(browser, batch, work):
    batch.rows.filter(line=4).update(status="refused", reason="bad_address", recipient="=1+1")
    browser.send("partners:batch_send", batch.pk)
    work()
    sent = rows(batch)[THREE[0]].request
    PartnershipRequest.objects.filter(pk=sent.pk).update(expires_at=now())

    response = browser.open("partners:batch_result", batch.pk, format="comma")

    other = rows(batch)[THREE[1]].request.reference
    assert list(csv.reader(StringIO(response.text, newline=""))) == [
        ["Line", "Recipient", "Verdict", "Request", "State"],
        ["2", THREE[0], "Sent", sent.reference, "Expired"],
        ["3", THREE[1], "Sent", other, "Open"],
        ["4", "'=1+1", "This is not an email address.", "", "Refused"],
    ]
    assert batch.reference.lower() in response["Content-Disposition"]


def test_colleagues_may_send_what_another_has_checked(batch, provider, browser_of, work):
    colleague = make_membership(Role.USER_ADMIN, organization=provider.organization)

    browser_of(colleague).send("partners:batch_send", batch.pk)
    work()

    assert set(PartnershipRequest.objects.values_list("created_by", flat=True)) == {
        colleague.user_id
    }


@pytest.fixture
def committed(transactional_db):
    with acting(OPERATOR):
        person = make_membership(organization=make_partner("provider"))
        batch = make_batch(
            person.organization,
            recipients=[f"r{number}@kunde.example" for number in range(12)],
            created_by=person.user,
        )
    return person, batch


def at_once(*jobs):
    def run(job):
        try:
            job()
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_several_workers_and_presses_at_once_send_each_row_once(committed):
    person, batch = committed
    with acting(OPERATOR):
        browsers = [Browser(person) for _ in range(3)]
    answers = []
    at_once(
        *(
            lambda browser=browser: answers.append(
                browser.send("partners:batch_send", batch.pk).status_code
            )
            for browser in browsers
        )
    )

    def worker():
        while work_once():
            pass

    at_once(worker, worker, worker)

    assert answers == [302] * 3
    with acting(OPERATOR):
        requests = PartnershipRequest.objects.values_list("recipient", flat=True)
        assert sorted(requests) == sorted(rows(batch))
        assert {row.status for row in rows(batch).values()} == {"sent"}
        assert RequestBatch.objects.get().status == "completed"
        assert AuditEntry.objects.filter(action="requestbatch.completed").count() == 1
        mails = OutboxMessage.objects.filter(task__endswith="send_request")
        assert mails.count() == 12
