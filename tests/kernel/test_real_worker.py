"""The same promises with a real Celery worker, a real Redis and a real mail server."""

import pytest
import redis

from portal.audit.models import AuditEntry
from portal.audit.origin import coming_from
from portal.outbox import tasks as bell
from portal.outbox.models import Heartbeat, OutboxMessage
from portal.outbox.services import enqueue
from portal.scope import OPERATOR, acting
from tests.background import celery_worker, free_port, kill, mail_server, own_redis_url, wait_for
from tests.factories import make_partner, make_user
from tests.kernel import tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def undisturbed_bell(monkeypatch):
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    redis.Redis.from_url(own_redis_url()).flushdb()


@pytest.fixture
def mail_port():
    return free_port()


@pytest.fixture
def organization():
    with acting(OPERATOR):
        return make_partner("provider")


def promise(organization, *keys, task=tasks.mail, **kwargs):
    with acting(organization.actor):
        for key in keys:
            enqueue(task, organization=organization, key=key, subject=key, **kwargs)


def statuses():
    with acting(OPERATOR):
        return sorted(OutboxMessage.objects.values_list("status", flat=True))


def test_a_promise_is_kept_within_moments(organization, mail_port):
    with mail_server(mail_port) as mailbox, celery_worker(mail_port):
        promise(organization, "one", "two")
        wait_for(lambda: statuses() == ["done", "done"])

    assert len(mailbox.ids) == len(set(mailbox.ids)) == 2


def test_what_an_operator_looked_on_is_recorded_with_their_name(organization, mail_port):
    with acting(OPERATOR):
        operator = make_user(is_staff=True)
    facts = {"task": tasks.note, "organization_id": organization.pk}
    with coming_from(operator_id=operator.pk):
        promise(organization, "one", then=["two"], **facts)
    promise(organization, "three", **facts)
    with celery_worker(mail_port):
        bell.drain.apply_async()
        wait_for(lambda: statuses() == ["done"] * 3)

    with acting(OPERATOR):
        noted = AuditEntry.objects.filter(action="customer.added")
        assert sorted(noted.values_list("operator", flat=True), key=str) == [
            *[operator.pk] * 2,
            None,
        ]


def test_the_round_strikes_the_heartbeat(organization, mail_port):
    with celery_worker(mail_port):
        bell.sweep.apply_async()
        wait_for(lambda: Heartbeat.age() is not None)


def test_what_was_promised_while_redis_forgot_is_found_by_the_round(organization, mail_port):
    promise(organization, "one")
    redis.Redis.from_url(own_redis_url()).flushdb()  # the bell is lost
    with mail_server(mail_port), celery_worker(mail_port):
        bell.sweep.apply_async()
        wait_for(lambda: statuses() == ["done"])


def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(
    organization, mail_port
):
    profile = organization.partner
    promise(organization, "slow", task=tasks.slow, profile_id=profile.pk)
    with celery_worker(mail_port) as doomed:
        wait_for(lambda: statuses() == ["running"])
        kill(doomed)
    profile.refresh_from_db()
    assert profile.city == "Hamburg"

    with acting(OPERATOR):
        OutboxMessage.objects.update(
            lease_until="2021-01-01T00:00Z", kwargs={"profile_id": profile.pk, "seconds": 0}
        )
    with celery_worker(mail_port):
        bell.sweep.apply_async()
        wait_for(lambda: statuses() == ["done"])

    profile.refresh_from_db()
    assert profile.city == "Kiel"


def test_a_mail_server_that_is_away_is_tried_again(organization, mail_port):
    with celery_worker(mail_port):
        promise(organization, "one")
        wait_for(lambda: statuses() == ["queued"] and _errors())
        with mail_server(mail_port) as mailbox:
            with acting(OPERATOR):
                OutboxMessage.objects.update(available_at="2021-01-01T00:00Z")
            bell.sweep.apply_async()
            wait_for(lambda: statuses() == ["done"])

    assert len(mailbox.ids) == 1


def _errors():
    with acting(OPERATOR):
        return OutboxMessage.objects.exclude(last_error="").exists()
