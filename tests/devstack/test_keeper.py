"""The keeper's patience, without servers."""

import sys

import pytest

from devstack import keeper
from devstack.console import Refusal
from devstack.stopping import Stopped


class Hopeless(keeper.Service):
    name = "hopeless"

    def command(self):
        return [sys.executable, "-c", "import sys; sys.exit('It will never work.')"]


class Slow(keeper.Service):
    name = "slow"

    def command(self):
        return [sys.executable, "-c", "import time; time.sleep(60)"]

    def ready(self):
        return False


class Impatient:
    """A stop that never waits, and ends after so many waits."""

    def __init__(self, pauses):
        self.pauses = pauses

    def pause(self, seconds):
        self.pauses -= 1
        if not self.pauses:
            raise Stopped


@pytest.fixture
def kept(tmp_path):
    made = []

    def make(pauses):
        made.append(keeper.Keeper(Impatient(pauses), tmp_path))
        return made[-1]

    yield make
    made[-1].end()


def test_a_service_that_keeps_failing_ends_everything(kept, monkeypatch, capsys):
    monkeypatch.setattr(keeper, "FAILURES", 1)
    watch = kept(pauses=10_000_000)
    with pytest.raises(Refusal) as refusal:
        watch.start(Hopeless())
        watch.watch()
    words = "hopeless ended 2 times within a minute, at last with exit code 1: It will never work."
    assert words in str(refusal.value)
    assert "starting it again (1 of 1)" in capsys.readouterr().out


def test_old_failures_are_forgiven(kept, monkeypatch):
    watched = keeper.Watched(Hopeless(), kept(pauses=1).logs / "hopeless.log")
    monkeypatch.setattr(keeper.time, "monotonic", lambda: 1_000.0)
    watched.failures.extend([10.0] * keeper.FAILURES)
    watched._failed("exit code 1")
    assert list(watched.failures) == [1_000.0]


def test_a_service_that_never_gets_ready_is_refused(kept, monkeypatch):
    monkeypatch.setattr(keeper, "READY_SECONDS", 0)
    with pytest.raises(Refusal, match="slow was not ready after 0 s"):
        kept(pauses=100).start(Slow())


def test_it_is_time_to_end_while_something_gets_ready(kept):
    watch = kept(pauses=3)
    with pytest.raises(Stopped):
        watch.start(Slow())
    child = watch.tiers[0][0].child
    assert child.running()
    watch.end()
    assert not child.running()
