"""The same promises with a real Celery worker, a real Redis and a real mail server."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from kombu import Connection

from portal.environment import celery_broker
from portal.outbox import tasks as bell
from portal.outbox.models import Heartbeat, OutboxMessage
from portal.outbox.services import enqueue
from portal.scope import OPERATOR, acting
from tests.factories import make_partner
from tests.kernel import tasks

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 40  # seconds; everything here usually takes one or two


class Mailbox:
    """What the mail server accepted."""

    def __init__(self):
        self.ids = []

    async def handle_DATA(self, server, session, envelope):
        for line in envelope.content.decode().splitlines():
            if line.lower().startswith("message-id:"):
                self.ids.append(line.split(":", 1)[1].strip())
        return "250 OK"


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{condition} stayed false for {PATIENCE} seconds")


@pytest.fixture
def mail_port():
    return free_port()


@contextmanager
def mail_server(port):
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@pytest.fixture
def redis_url():
    """A database of the test server that nobody else uses."""
    place = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "0"))) or 0) + 8
    url = settings.REDIS_URL.partition("?")[0].removesuffix("/0")
    url = f"{url}?db={place}" if url.startswith("unix") else f"{url}/{place}"
    redis.Redis.from_url(url).flushdb()
    return url


@contextmanager
def celery_worker(redis_url, mail_port):
    """A worker process of its own, on the test database."""
    name = connection.settings_dict["NAME"]
    base = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[0]
    env = os.environ | {
        "DATABASE_URL": f"{base}/{name}",
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "SECRET_KEY": "test",
    }
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-c", "1"]
    command += ["-l", "ERROR", "-I", "tests.kernel.tasks"]
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process):
    """Like a power cut: the worker and its children at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(autouse=True)
def ringing(redis_url, monkeypatch):
    """Ring the bell of the test's own Redis database."""
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    url = celery_broker(redis_url)
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with Connection(url, transport_options=options) as broker:
        for task in (bell.drain, bell.sweep):
            original = task.apply_async

            def send(*args, original=original, **kwargs):
                kwargs.pop("retry", None)
                return original(*args, connection=broker, retry=False, **kwargs)

            monkeypatch.setattr(task, "apply_async", send)
        yield


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


def test_a_promise_is_kept_within_moments(organization, redis_url, mail_port):
    with mail_server(mail_port) as mailbox, celery_worker(redis_url, mail_port):
        promise(organization, "one", "two")
        wait_for(lambda: statuses() == ["done", "done"])

    assert len(mailbox.ids) == len(set(mailbox.ids)) == 2


def test_the_round_strikes_the_heartbeat(organization, redis_url, mail_port):
    with celery_worker(redis_url, mail_port):
        bell.sweep.apply_async()
        wait_for(lambda: Heartbeat.age() is not None)


def test_what_was_promised_while_redis_forgot_is_found_by_the_round(
    organization, redis_url, mail_port
):
    promise(organization, "one")
    redis.Redis.from_url(redis_url).flushdb()  # the bell is lost
    with mail_server(mail_port), celery_worker(redis_url, mail_port):
        bell.sweep.apply_async()
        wait_for(lambda: statuses() == ["done"])


def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(
    organization, redis_url, mail_port
):
    profile = organization.partner
    promise(organization, "slow", task=tasks.slow, profile_id=profile.pk)
    with celery_worker(redis_url, mail_port) as doomed:
        wait_for(lambda: statuses() == ["running"])
        kill(doomed)
    profile.refresh_from_db()
    assert profile.city == "Hamburg"

    with acting(OPERATOR):
        OutboxMessage.objects.update(
            lease_until="2021-01-01T00:00Z", kwargs={"profile_id": profile.pk, "seconds": 0}
        )
    with celery_worker(redis_url, mail_port):
        bell.sweep.apply_async()
        wait_for(lambda: statuses() == ["done"])

    profile.refresh_from_db()
    assert profile.city == "Kiel"


def test_a_mail_server_that_is_away_is_tried_again(organization, redis_url, mail_port):
    with celery_worker(redis_url, mail_port):
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
