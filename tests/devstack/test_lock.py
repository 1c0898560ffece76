"""The lock check notices what would install something else than what was tested."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from devstack import lock

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture
def locks(tmp_path, monkeypatch):
    """A copy of the locks to spoil."""
    folder = shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    monkeypatch.setattr(lock, "FOLDER", folder)
    return folder


def spoil(path, pattern, replacement):
    text, count = re.subn(pattern, replacement, path.read_text(), count=1, flags=re.M)
    assert count
    path.write_text(text)


def test_the_locks_hold_what_the_project_asks_for(project, locks):
    assert lock.check(project) == []


def test_a_requirement_that_nothing_locks(project, locks):
    project["project"]["dependencies"].append("left-pad>=1")
    expected = {f"requirements/{name}.txt: it has nothing for left-pad>=1" for name in lock.EXTRAS}
    assert set(lock.check(project)) == expected


def test_a_requirement_that_the_lock_no_longer_meets(project, locks):
    project["project"]["optional-dependencies"]["dev"].append("pytest>=1000")
    assert "for pytest>=1000" in "".join(lock.check(project))


@pytest.mark.parametrize(
    ("name", "pattern", "replacement", "problem"),
    [
        ("prod", r"^celery==.*\n( +--hash=.*\n)+", "celery==5.7.0\n", "celery has no hash"),
        ("dev", r"^# .*$", "--index-url registry.example", "it names a host"),
        ("run", r"^# .*$", "# https://registry.example/simple", "it names a host"),
        ("run", r"^kombu==\S+", "kombu==1.0", "run.txt differs from prod.txt in kombu"),
        ("uv", r"^uv==\S+", "uv==0.1", "it has 0.1 for uv=="),
    ],
)
def test_a_spoilt_lock(project, locks, name, pattern, replacement, problem):
    spoil(locks / f"{name}.txt", pattern, replacement)
    assert problem in "\n".join(lock.check(project))
