"""The folders below ``var/``: who uses them, and what is kept in them from one run to the next."""

import fcntl
import hashlib
import json
import os
import re
import secrets
import stat
import tempfile
from pathlib import Path

from devstack.console import Refusal

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
# A socket's path must fit into 107 bytes, and needs no quoting in any of three kinds of address.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]{1,80}")


class State:
    """A folder of one running command, held by a lock that the kernel drops with the process."""

    def __init__(self, folder):
        self.folder, self.logs = folder, folder / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.file = open(folder / "lock", "a+", opener=private)  # noqa: SIM115 - held until we end

    def claim(self):
        """True when the folder is ours now, False when a running command has it."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.tell(pid=os.getpid())
        return True

    def tell(self, **facts):
        """Write down for others what runs here."""
        self.file.truncate(0)
        self.file.write(json.dumps(facts))
        self.file.flush()

    def told(self):
        """What the command that has the folder wrote down."""
        try:
            self.file.seek(0)
            return json.loads(self.file.read())
        except ValueError:
            return {}

    def secret(self, name):
        """A random secret, made at the first call and kept."""
        path = self.folder / name
        if not path.exists() or not path.read_text().strip():
            with open(path, "w", opener=private) as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()


def private(path, flags):
    return os.open(path, flags, 0o600)


def claim_free(name):
    """The first of ``var/<name>``, ``var/<name>-2`` … nobody uses: two test runs do not meet."""
    for number in range(1, 20):
        state = State(VAR / (name if number == 1 else f"{name}-{number}"))
        if state.claim():
            return state
    raise Refusal(f"All of var/{name}* is in use.")


def socket_folder(folder, owners):
    """``folder``, made private, or one with a short plain name when no socket can live in it."""
    if not PLAIN_PATH.fullmatch(str(folder)):
        folder = moved(folder, Path(tempfile.gettempdir()))
    return own_folder(folder, 0o700, owners)


def moved(folder, place):
    """Where in ``place`` to find ``folder`` instead; a link in its own place tells `make clean`."""
    target = place / f"twotier-{os.getuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.is_symlink():
        folder.symlink_to(target)
    return target


def own_folder(folder, mode, owners):
    """``folder``, made if missing; Refusal when it is there and none of ``owners`` has it."""
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise Refusal(f"{folder} belongs to somebody else.")
    folder.chmod(mode)
    return folder
