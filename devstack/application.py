"""The portal's own processes, as `make run` starts them."""

import os
import re
import signal
import sys
import time

from devstack.address import binds
from devstack.children import Child
from devstack.console import Refusal
from devstack.keeper import Service, last_line, new_log
from devstack.state import ROOT


class Web(Service):
    name = "web"
    last_wish = signal.SIGQUIT  # gunicorn: now, not after the requests under way

    def __init__(self, port):
        self.addresses = binds(port)

    def command(self):
        options = ["--worker-class=gthread", "--workers=2", "--threads=4", "--preload"]
        options += ["--no-control-socket", "--graceful-timeout=5"]
        options += [f"--bind={address}" for address in self.addresses]
        return [sys.executable, "-m", "gunicorn", *options, "portal.wsgi"]


class Celery(Service):
    # Anything softer may wait for a Redis that ended at the same moment. What they had in hand
    # stands in the outbox.
    last_wish = signal.SIGKILL

    def celery(self, *arguments):
        return [sys.executable, "-m", "celery", "-A", "portal.celery:app", *arguments]


class Worker(Celery):
    name = "worker"

    def command(self):
        quiet = ["--without-gossip", "--without-mingle"]  # there is no second worker to talk to
        return self.celery("worker", "--concurrency=2", "--queues=celery,sweep", *quiet)


class Beat(Celery):
    name = "beat"

    def __init__(self, state):
        self.schedule = state.folder / "beat-schedule"

    def command(self):
        return self.celery("beat", f"--schedule={self.schedule}", "--pidfile=")


def prepare(keeper):
    """Bring database, translations and demonstration data up to date; Refusal says why not."""
    log = new_log(keeper.logs, "prepare")
    command = [sys.executable, "manage.py", "prepare"]
    child = Child(command, log=log, environment=dict(os.environ), folder=ROOT)
    try:
        while child.running():
            keeper.check()
            keeper.stop.pause(0.2)
    finally:
        child.ask(signal.SIGTERM)
        how = child.end(time.monotonic() + 5)
    if how != "exit code 0":
        reason = re.sub(r"^[\w.]+: ", "", last_line(log))  # the name of an exception
        raise Refusal(f"The database could not be prepared: {reason} (see {log})")
