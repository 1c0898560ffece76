"""What can't work is refused with one clear sentence on stderr, and nothing is left running."""

import os
import shutil
import socket

import pytest

from tests.devstack.conftest import Checkout


def refused(answer, *words):
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 1, answer.stderr
    for word in words:
        assert word in answer.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_busy_port(checkout, host):
    with socket.socket() as other:
        other.bind((host, 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused(checkout.ask("run", PORT=port), f"Port {port} is in use", "make run PORT=")


@pytest.mark.parametrize("port", ["eight", "0", "65536", "-1", "٣٠٠٠"])
def test_a_port_that_is_none(checkout, port):
    refused(checkout.ask("run", PORT=port), "PORT must be a number from 1 to 65535", port)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "must look like postgres://"),
        ("postgres://me:hidden@127.0.0.1:port/name", "must look like postgres://"),
        ("mysql://me:hidden@127.0.0.1/name", "must name a PostgreSQL database"),
        ("postgres://me:hidden@127.0.0.1:1/name", "refused"),
        ("postgres://me:hidden@no-such-host.invalid/name", "resolve"),
    ],
)
def test_a_wrong_database_url(checkout, url, words):
    answer = checkout.ask("run", DATABASE_URL=url)
    refused(answer, "DATABASE_URL", words)
    assert "hidden" not in answer.stderr


def test_an_unknown_database_and_an_unknown_login(checkout):
    known = os.environ["DATABASE_URL"]
    refused(checkout.ask("run", DATABASE_URL=f"{known}-no"), 'portal-no" does not exist')
    login = known.replace("//portal@", "//stranger@")
    refused(checkout.ask("run", DATABASE_URL=login), 'role "stranger" does not exist')


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "must look like redis://"),
        ("redis://:hidden@127.0.0.1:port/0", "must look like redis://"),
        ("redis://:hidden@127.0.0.1:1/0", "refused"),
        ("unix:///no/such/redis.sock", "No such file"),
    ],
)
def test_a_wrong_redis_url(checkout, url, words):
    answer = checkout.ask("run", REDIS_URL=url)
    refused(answer, "REDIS_URL", words)
    assert "hidden" not in answer.stderr


def test_a_database_that_can_not_be_prepared(checkout):
    answer = checkout.ask("run", PREPARE_FAILS="Somebody pulled the plug.")
    refused(answer, "could not be prepared: Somebody pulled the plug.", "prepare.log")


@pytest.fixture
def stuck(folder):
    made = Checkout(folder / "stuck")
    yield made
    shutil.rmtree(made.folder)


@pytest.mark.parametrize("command", ["run", "test", "manage"])
def test_a_var_that_is_no_folder(stuck, command):
    (stuck.folder / "var").write_text("")
    refused(stuck.ask(command, "check"), "/var", "Not a directory")


def test_a_var_that_is_not_writable(stuck):
    (stuck.folder / "var").mkdir(mode=0o555)
    refused(stuck.ask("run"), "/var/run", "Permission denied")
