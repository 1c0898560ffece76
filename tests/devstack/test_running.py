"""What a running portal offers, and how it mends itself."""

import json
import os
import signal
import time
import urllib.error
from contextlib import suppress

import pytest

from tests.devstack import processes


@pytest.fixture(scope="module")
def running(checkout):
    started = checkout.start()
    yield started
    started.end()


def test_the_portal_gets_what_it_needs_to_know(running):
    facts = json.loads(running.get())
    given = facts["environment"]
    assert facts["login"] == "portal"
    assert given["PUBLIC_URL"] == f"http://localhost:{given['PORT']}"
    assert given["DEBUG"] == "1"
    assert given["SECRET_KEY"] != given["INVITATION_KEYS"]
    assert {given["MAIL_DIR"], given["STATE_DIR"]} == {
        str(running.folder / "var/mail"),
        str(running.folder / "var/run"),
    }
    assert "someone@nordwind.example" in running.output.read_text()


def test_a_second_run_says_what_already_runs(running, checkout):
    second = checkout.ask("run")
    assert second.returncode == 1
    assert (
        f"already runs from here: http://localhost:{running.environment['PORT']}" in second.stderr
    )
    assert f"(process {running.process.pid})" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_manage_works_beside_the_running_portal(running, checkout):
    answer = checkout.ask("manage", "check", "--deploy")
    assert answer.stdout.startswith("['check', '--deploy'] postgres://portal@")
    assert processes.alive(running.family())


def test_what_is_killed_is_started_again(running):
    servers = ["postgres", "valkey-server", "gunicorn", "worker", "beat"]
    killed = {server: find(running, server) for server in servers}
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    eventually(
        lambda: all(find(running, server) not in (None, killed[server]) for server in killed)
    )
    eventually(running.get)
    assert running.output.read_text().count("SIGKILL; starting it again (1 of 5)") == len(servers)


def find(running, server):
    """The process of a server that was started first, rather than one of its own children."""
    for child in processes.children(running.process.pid):
        command = processes.command(child)
        if server in command or server in os.path.basename(command[0]).split():
            return child
    return None


def eventually(answer, seconds=20):
    deadline = time.monotonic() + seconds
    while True:
        with suppress(urllib.error.URLError, ConnectionError):
            if answer():
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)
