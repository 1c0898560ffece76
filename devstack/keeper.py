"""Keeps services running: starts them in order, restarts what fails, ends them in reverse order."""

import os
import signal
import time
from collections import deque

from devstack.children import Child
from devstack.console import Refusal, say
from devstack.state import ROOT

FAILURES, WITHIN_SECONDS = 5, 60
READY_SECONDS = 90


class Service:
    """What the keeper must know of a process. Subclasses give ``name`` and ``command()``."""

    name = ""
    folder = ROOT
    user = None
    stop_signal = signal.SIGTERM
    last_wish = signal.SIGTERM  # what it gets when the keeper itself dies
    grace = 10  # seconds from stop_signal to SIGKILL

    def command(self):
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def ready(self):
        return True


class Watched:
    """A service, its process of the moment, and its failures."""

    def __init__(self, service, log):
        self.service, self.log = service, log
        self.child, self.start_at = None, 0.0
        self.failures = deque()
        self.was_ready = False

    def start(self):
        service = self.service
        self.child = Child(
            service.command(),
            log=self.log,
            environment=service.environment(),
            folder=service.folder,
            user=service.user,
            last_wish=service.last_wish,
        )

    def check(self):
        """Start it when it does not run; raise Refusal when that has been tried too often."""
        if self.child and not self.child.running():
            self._failed(self.child.end())
            self.child = None
        if not self.child and time.monotonic() >= self.start_at:
            self.start()

    def ready(self):
        """Whether it was ready once; from then on nobody needs to ask."""
        self.was_ready = self.was_ready or bool(self.child and self.service.ready())
        return self.was_ready

    def _failed(self, how):
        now = time.monotonic()
        self.failures.append(now)
        while self.failures[0] < now - WITHIN_SECONDS:
            self.failures.popleft()
        count = len(self.failures)
        if count > FAILURES:
            raise Refusal(
                f"{self.service.name} ended {count} times within a minute, at last with {how}: "
                f"{last_line(self.log)} (see {self.log})"
            )
        self.start_at = now + 0.25 * 2 ** (count - 1)
        say(f"{self.service.name} ended with {how}; starting it again ({count} of {FAILURES}).")


class Keeper:
    def __init__(self, stop, logs):
        self.stop, self.logs = stop, logs
        self.tiers = []

    def start(self, *services):
        """Start these together, wait until all are ready; they end before those started earlier."""
        tier = [Watched(service, new_log(self.logs, service.name)) for service in services]
        self.tiers.append(tier)
        deadline = time.monotonic() + READY_SECONDS
        while waiting := self._not_ready(tier):
            if time.monotonic() > deadline:
                raise Refusal(f"{waiting} was not ready after {READY_SECONDS} s (see {self.logs}).")
            self.stop.pause(0.05)

    def _not_ready(self, tier):
        self.check()
        return next((watched.service.name for watched in tier if not watched.ready()), None)

    def check(self):
        for tier in self.tiers:
            for watched in tier:
                watched.check()

    def watch(self):
        """Keep everything running until it is time to end (Stopped) or of no use (Refusal)."""
        while True:
            self.check()
            self.stop.pause(0.5)

    def end(self):
        for tier in reversed(self.tiers):
            running = [watched for watched in tier if watched.child]
            for watched in running:
                watched.child.ask(watched.service.stop_signal)
            for watched in running:
                watched.child.end(time.monotonic() + watched.service.grace)
        self.tiers = []


def new_log(folder, name):
    """The path of an empty log file; the one of the run before is kept beside it."""
    log = folder / f"{name}.log"
    if log.exists():
        log.replace(folder / f"{name}.log.1")
    log.touch(mode=0o600)
    return log


def last_line(log):
    lines = log.read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it wrote nothing")
