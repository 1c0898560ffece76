"""However the supervisor ends, nothing that it started outlives it."""

import os
import signal

import pytest

from tests.devstack import processes

SERVERS = {"postgres", "valkey-server", "devstack.mail", "gunicorn", "worker", "beat"}


def servers(members):
    words = {os.path.basename(word) for pid in members for word in processes.command(pid)}
    return SERVERS & {name for word in words for name in word.split()}


def test_ctrl_c_ends_everything_in_order(checkout):
    running = checkout.start()
    family = running.family()
    assert servers(family) == SERVERS
    assert running.end() == 0
    assert processes.alive(family) == []
    log = (running.folder / "var/run/log/postgres.log").read_text()
    assert "database system is shut down" in log


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_works(checkout):
    running = checkout.start()
    family = running.family()
    running.end(signal.SIGKILL)
    assert checkout.start().end() == 0  # at once, while the servers are ending still
    assert processes.remaining(family, 15) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_end_of_make_is_the_end(checkout, number):
    """Also of a make that is interrupted alone, without its terminal."""
    running = checkout.make()
    family = running.family()
    running.end(number)
    assert processes.remaining(family, 15) == []
