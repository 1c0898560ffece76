"""Real background processes for tests: a Celery worker and a mail server that end with them."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

PATIENCE = 40  # seconds; everything here usually takes one or two


def own_redis_url():
    """A database of the test server for each test process, so that nobody hears others' bells."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = settings.REDIS_URL.partition("?")[0]
    place = int(process) + 1
    return f"{url}?db={place}" if url.startswith("unix") else f"{url.rpartition('/')[0]}/{place}"


class Mailbox:
    """The mails a server accepted."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def ids(self):
        return [mail["Message-ID"] for mail in self.mails]


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(condition):
    """Wait until ``condition()`` is true, and return what it said."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{condition} stayed false for {PATIENCE} seconds")


@contextmanager
def mail_server(port):
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@contextmanager
def celery_worker(mail_port, *, tasks="tests.kernel.tasks", **more):
    """A worker process on the database and the bell of this test process.

    ``tasks`` are modules it imports besides the portal's own; ``more`` is added to its environment.
    """
    base = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[0]
    env = os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "REDIS_URL": own_redis_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PUBLIC_URL": settings.PUBLIC_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "INVITATION_KEYS": ",".join(settings.INVITATION_KEYS),
        **more,
    }
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-c", "1"]
    command += ["-l", "ERROR", "-I", tasks]
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
