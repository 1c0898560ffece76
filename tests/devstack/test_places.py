"""Where the servers live, when the obvious place does not do."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from devstack import postgres, state
from devstack.console import Refusal


def test_a_private_checkout_stays_private(folder):
    """PostgreSQL's account can't pass a private folder: the data moves, the folder stays shut."""
    private = folder / "private"
    (private / "data").mkdir(parents=True)
    private.chmod(0o700)
    stranger = (os.getuid() + 1, os.getgid() + 1)
    assert not postgres.reachable(private / "data", stranger)
    assert postgres.reachable(private / "data", (os.getuid(), os.getgid()))
    moved = postgres.moved_home(private / "postgres")
    assert (private / "postgres").readlink() == moved
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_programs_in_a_private_folder_are_copied(folder):
    stranger = (os.getuid() + 1, os.getgid() + 1)
    copy = postgres.programs(folder, stranger)
    if not copy.is_relative_to(folder):  # the environment of this test run is open to everybody
        copy = postgres.copied(copy.parents[2], folder / "copy") / copy.relative_to(copy.parents[2])
    answer = subprocess.run([copy / "initdb", "--version"], capture_output=True, text=True)
    assert answer.stdout.startswith("initdb (PostgreSQL) 18")


@pytest.mark.parametrize("name", ["x" * 90, "with space", "ünïcode", "per%cent", "question?"])
def test_a_socket_gets_a_short_plain_path(tmp_path, name):
    made = state.socket_folder(tmp_path / name, {os.getuid()})
    assert state.PLAIN_PATH.fullmatch(str(made))
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert made == state.socket_folder(tmp_path / name, {os.getuid()})
    made.rmdir()


def test_a_folder_of_somebody_else_is_not_used(tmp_path):
    with pytest.raises(Refusal, match="belongs to somebody else"):
        state.own_folder(tmp_path, 0o700, {os.getuid() + 1})


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / "link").symlink_to("/")
    with pytest.raises(Refusal, match="belongs to somebody else"):
        state.own_folder(tmp_path / "link", 0o700, {os.getuid()})


def test_a_second_test_run_gets_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(state, "VAR", tmp_path)
    first, second = state.claim_free("test"), state.claim_free("test")
    assert [first.folder, second.folder] == [tmp_path / "test", tmp_path / "test-2"]
    first.file.close()
    assert state.claim_free("test").folder == Path(tmp_path / "test")


def test_secrets_are_made_once_and_private(tmp_path):
    made = state.State(tmp_path)
    secret = made.secret("secret-key")
    assert len(secret) >= 40
    assert made.secret("secret-key") == secret
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
