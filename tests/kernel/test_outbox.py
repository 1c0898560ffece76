"""A promise is kept exactly once, whatever happens to workers, Redis and mail servers."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils.timezone import now
from kombu.exceptions import OperationalError as BrokerError

from partners.models import PartnerProfile
from portal.audit.models import AuditEntry
from portal.audit.origin import coming_from, current
from portal.outbox import services, worker
from portal.outbox import tasks as bell
from portal.outbox.models import Heartbeat, OutboxMessage
from portal.outbox.services import enqueue
from portal.scope import OPERATOR, acting
from tests.factories import make_message, make_partner, make_user
from tests.kernel import tasks

Status = OutboxMessage.Status


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch):
    """These tests do the worker's part themselves."""
    rung = []
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    monkeypatch.setattr(bell.drain, "apply_async", lambda **options: rung.append(options))
    return rung


@pytest.fixture
def profile(provider):
    return provider.organization.partner


def promise(provider, task, key="k1", **kwargs):
    enqueue(task, organization=provider.organization, key=key, subject="A promise", **kwargs)
    return OutboxMessage.objects.get(key=key)


def outcome(message):
    message.refresh_from_db()
    return message.status


def test_a_promised_task_runs_for_its_organization(provider, profile):
    message = promise(provider, tasks.write_city, profile_id=profile.pk, city="Kiel")

    assert worker.work_once()

    profile.refresh_from_db()
    assert (outcome(message), profile.city) == (Status.DONE, "Kiel")
    assert not worker.work_once()


def test_a_task_that_must_wait_keeps_what_it_wrote_and_is_tried_again(provider, profile):
    message = promise(provider, tasks.write_and_wait, profile_id=profile.pk)

    assert worker.work_once()

    profile.refresh_from_db()
    assert (outcome(message), profile.city) == (Status.QUEUED, "Kiel")
    assert (message.last_error, message.attempts) == ("The market is closed.", 1)
    assert message.available_at > now()


def test_what_waits_can_be_hastened(
    provider, profile, silent_bell, django_capture_on_commit_callbacks
):
    message = promise(provider, tasks.write_and_wait, profile_id=profile.pk)
    worker.work_once()

    with django_capture_on_commit_callbacks(execute=True):
        services.hasten([message.key])

    assert outcome(message) == Status.QUEUED
    assert message.available_at <= now() and silent_bell


def test_promising_twice_does_it_once(provider, profile):
    promise(provider, tasks.nothing)
    promise(provider, tasks.nothing)

    assert OutboxMessage.objects.count() == 1


def test_nothing_is_promised_when_the_transaction_fails(provider):
    with pytest.raises(ZeroDivisionError), acting(provider.actor):
        enqueue(tasks.nothing, organization=provider.organization, key="k", subject="s")
        raise ZeroDivisionError

    assert not OutboxMessage.objects.exists()


def test_the_bell_rings_after_the_commit(provider, silent_bell, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        promise(provider, tasks.nothing)
        assert silent_bell == []

    assert silent_bell == [{"retry": False}]


def test_a_failing_task_leaves_no_trace_and_is_tried_again(provider, profile):
    message = promise(provider, tasks.write_and_fail, profile_id=profile.pk)

    assert worker.work_once()

    profile.refresh_from_db()
    assert (outcome(message), profile.city) == (Status.QUEUED, "Hamburg")
    assert message.last_error == "division by zero"
    assert message.available_at > now()
    assert not worker.work_once()


def test_pauses_grow_and_end(provider):
    message = make_message(provider.organization, status=Status.RUNNING)
    message.attempts = 1
    message.fail("x")
    first = message.available_at
    message.attempts = 8
    message.fail("x")
    assert first < message.available_at <= now() + timedelta(seconds=300)

    message.attempts = OutboxMessage.MAX_ATTEMPTS
    message.fail("x")
    assert message.status == Status.FAILED


def test_what_can_never_work_is_given_up_at_once(provider):
    message = promise(provider, tasks.impossible)

    worker.work_once()

    assert outcome(message) == Status.FAILED
    assert message.last_error == "There is no such address."


def test_work_of_a_dead_worker_is_taken_up_again(provider, profile):
    message = promise(provider, tasks.write_city, profile_id=profile.pk, city="Kiel")
    worker._claim()  # and is killed
    assert not worker.work_once()

    OutboxMessage.objects.filter(pk=message.pk).update(lease_until=now() - timedelta(seconds=1))
    assert worker.find_forgotten()
    assert worker.work_once()

    assert outcome(message) == Status.DONE


def test_a_slow_worker_that_lost_its_lease_does_nothing(provider, profile):
    message = promise(provider, tasks.write_city, profile_id=profile.pk, city="Kiel")
    slow = worker._claim()
    OutboxMessage.objects.filter(pk=message.pk).update(lease_until=now() - timedelta(seconds=1))
    assert worker.work_once()
    PartnerProfile.objects.update(city="Hamburg")

    assert worker._run(slow) is None

    profile.refresh_from_db()
    assert profile.city == "Hamburg"


def test_a_mail_is_sent_once_with_a_message_id_of_its_own(provider, mailoutbox):
    message = promise(provider, tasks.mail)

    assert worker.work_once()
    assert not worker.work_once()

    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == [message.message_id]
    assert outcome(message) == Status.DONE


def test_a_mail_server_that_is_away_loses_nothing(provider, monkeypatch, mailoutbox):
    def away(self):
        raise ConnectionRefusedError("Connection refused")

    message = promise(provider, tasks.mail)
    monkeypatch.setattr(EmailBackend, "open", away)
    worker.work_once()
    assert (outcome(message), message.handed_at) == (Status.QUEUED, None)

    monkeypatch.undo()
    OutboxMessage.objects.update(available_at=now())
    worker.work_once()

    assert outcome(message) == Status.DONE
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    "error,expected",
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), Status.FAILED),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"try later")}), Status.QUEUED),
        (smtplib.SMTPDataError(554, b"spam"), Status.FAILED),
        (smtplib.SMTPDataError(451, b"busy"), Status.QUEUED),
        (smtplib.SMTPServerDisconnected("gone"), Status.UNCERTAIN),
        (TimeoutError("timed out"), Status.UNCERTAIN),
    ],
)
def test_what_the_mail_server_says_decides(provider, monkeypatch, error, expected):
    def refuse(self, mails):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    message = promise(provider, tasks.mail)

    worker.work_once()

    assert outcome(message) == expected


def test_a_worker_killed_while_handing_over_sends_nothing_twice(provider, monkeypatch, mailoutbox):
    def killed(self, mails):
        raise SystemExit  # like a kill: nothing after it runs

    message = promise(provider, tasks.mail)
    monkeypatch.setattr(EmailBackend, "send_messages", killed)
    with pytest.raises(SystemExit):
        worker.work_once()
    monkeypatch.undo()
    OutboxMessage.objects.update(lease_until=now() - timedelta(seconds=1))

    assert not worker.find_forgotten()
    assert not worker.work_once()
    assert outcome(message) == Status.UNCERTAIN
    assert mailoutbox == []


def test_staff_try_an_uncertain_mail_again(provider, browser_of, mailoutbox):
    message = promise(provider, tasks.mail)
    OutboxMessage.objects.update(status=Status.UNCERTAIN, attempts=3)
    browser = browser_of(provider)
    again = browser.url("outbox:message_retry", message.pk)
    assert again in browser.open("outbox:message_list").text

    asked = browser.post(again)
    assert asked["Location"] == browser.url("outbox:message_confirm", message.pk)
    assert "arrives a second time" in browser.get(asked["Location"]).text
    assert outcome(message) == Status.UNCERTAIN
    assert browser.post(again, {"sure": "yes"}).status_code == 302
    worker.work_once()

    assert len(mailoutbox) == 1
    assert again not in browser.open("outbox:message_list").text


def test_trying_again_twice_sends_once(provider, mailoutbox):
    message = promise(provider, tasks.mail)
    OutboxMessage.objects.update(status=Status.FAILED)

    assert services.retry(message, actor=provider)
    assert not services.retry(message, actor=provider)


@pytest.mark.parametrize("error", [BrokerError("refused"), TimeoutError("frozen")])
def test_redis_away_never_breaks_a_request(provider, monkeypatch, error):
    calls = []

    def broken(**options):
        calls.append(options)
        raise error

    monkeypatch.setattr(bell.drain, "apply_async", broken)

    bell.ring()
    bell.ring()  # silent for a while after the first failure

    assert len(calls) == 1


def test_the_round_finds_what_nobody_rang_for(provider, silent_bell):
    promise(provider, tasks.nothing)

    bell.sweep()

    assert silent_bell
    assert Heartbeat.age() < 5


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_each_piece_once():
    with acting(OPERATOR):
        organization = make_partner("provider")
        for number in range(30):
            enqueue(tasks.nothing, organization=organization, key=f"n{number}", subject="n")
    done = []

    def work():
        while worker.work_once():
            done.append(1)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        statuses = set(OutboxMessage.objects.values_list("status", "attempts"))
    assert statuses == {(Status.DONE, 1)}
    assert len(done) == 30


@pytest.fixture
def operator(db):
    return make_user("operator@portal.test", is_staff=True)


def promise_note(provider, operator, **kwargs):
    """Promised while this operator (None: nobody) looks as somebody of the provider."""
    with coming_from(operator_id=operator and operator.pk, ip="203.0.113.7"):
        return promise(provider, tasks.note, organization_id=provider.organization_id, **kwargs)


def noted_operators():
    noted = AuditEntry.objects.filter(action="customer.added").order_by("at")
    return list(noted.values_list("operator", flat=True))


def test_what_was_promised_under_an_operators_eyes_is_recorded_with_their_name(provider, operator):
    promise_note(provider, operator)
    promise_note(provider, None, key="k2")

    while worker.work_once():
        pass

    assert noted_operators() == [operator.pk, None]
    assert current() == (None, "", None)


def test_so_is_what_that_work_promises_in_its_turn(provider, operator):
    promise_note(provider, operator, then=["k2", "k3"])

    while worker.work_once():
        pass

    assert noted_operators() == [operator.pk] * 3
    assert set(OutboxMessage.objects.values_list("operator", flat=True)) == {operator.pk}


def test_the_name_outlasts_failures_and_whoever_tries_again(provider, operator):
    other = make_user(is_staff=True)
    message = promise_note(provider, operator, fails=True)
    worker.work_once()
    assert (outcome(message), noted_operators(), current().operator_id) == (Status.QUEUED, [], None)
    facts = {"organization_id": provider.organization_id}
    OutboxMessage.objects.update(status=Status.FAILED, kwargs=facts)

    with coming_from(operator_id=other.pk):
        assert services.retry(message, actor=provider)
    worker.work_once()

    assert noted_operators() == [operator.pk]
    assert AuditEntry.objects.get(action="outboxmessage.retried").operator == other


def test_work_of_a_dead_worker_keeps_the_name(provider, operator):
    message = promise_note(provider, operator)
    worker._claim()  # and is killed
    OutboxMessage.objects.filter(pk=message.pk).update(lease_until=now() - timedelta(seconds=1))

    assert worker.work_once()

    assert noted_operators() == [operator.pk]
