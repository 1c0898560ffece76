"""What .venv is made of decides whether it is made anew; what is in the way is said clearly."""

import builtins
import shutil
from pathlib import Path

import pytest

from devstack import install

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A checkout without an environment."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    venv = tmp_path / ".venv"
    for name, value in {"ROOT": tmp_path, "VENV": venv, "STAMP": venv / "installed"}.items():
        monkeypatch.setattr(install, name, str(value))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def installed(here, monkeypatch):
    """The locks that are installed, with an environment whose Python works."""
    locks = []
    (here / ".venv").mkdir()
    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "install", locks.append)
    return locks


def test_it_installs_once_and_again_when_a_lock_changes(here, installed):
    install.main("run")
    install.main("run")
    assert installed == ["requirements/run.txt"]
    with open(here / "requirements/uv.txt", "a") as lock:
        lock.write("# changed\n")
    install.main("run")
    assert len(installed) == 2


def test_an_environment_for_tests_serves_to_run_and_stays_one(here, installed):
    install.main("run")
    install.main("dev")
    install.main("run")
    assert installed == ["requirements/run.txt", "requirements/dev.txt"]


def test_a_python_that_is_too_old_is_told_which_one_is_needed(here, monkeypatch):
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed, .* is 3\.9\.2\."):
        install.main("run")
    assert not (here / ".venv").exists()


def test_a_python_without_venv_is_told_what_to_install(here, monkeypatch):
    original = builtins.__import__

    def without_ensurepip(name, *arguments):
        if name == "ensurepip":
            raise ImportError(name)
        return original(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without_ensurepip)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        install.make_venv()


def test_what_cannot_be_installed_is_refused_with_the_reason(here, monkeypatch):
    monkeypatch.setattr(install, "succeeds", lambda command: (False, "No route to host"))
    with pytest.raises(SystemExit, match="could not be installed: No route to host"):
        install.install("requirements/run.txt")


def test_behind_a_proxy_uv_trusts_what_the_system_trusts(here, monkeypatch):
    commands = []

    def behind_a_proxy(command):
        commands.append(command)
        return ("--system-certs" in command or command[0] != "uv", "unknown issuer")

    monkeypatch.setattr(install, "succeeds", behind_a_proxy)

    assert install.install_with_uv(["uv"], "requirements/run.txt") == []
    assert [command[1:2] for command in commands[1:]] == [
        ["requirements/run.txt"],
        ["--system-certs"],
    ]


def test_every_python_understands_the_installer():
    """No syntax that an old Python would stumble over before it can say what is needed."""
    source = (ROOT / "devstack" / "install.py").read_text()
    compile(source, "install.py", "exec", dont_inherit=True)
    assert "match " not in source.replace("re.match ", "") and ":=" not in source
