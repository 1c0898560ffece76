"""A process we started, and how it ends: when we say so, and at the latest when we are gone."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

PR_SET_PDEATHSIG = 1


class Child:
    """One process, writing to a log file, in a session of its own: its whole group can be ended."""

    def __init__(self, command, *, log, environment, folder, user=None, last_wish=signal.SIGTERM):
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=ends_with_us(last_wish),
                **as_account(user),
            )
        self.pid = self.process.pid

    def running(self):
        """Only looks: the process keeps its number, and its group, until end() clears it away."""
        if self.process.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def ask(self, number):
        if self.running():
            os.kill(self.pid, number)

    def end(self, deadline=0.0):
        """Wait until ``deadline`` (monotonic), kill what is left of it all; return how it ended."""
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.process.returncode is None:
            kill_group(self.pid)
        return describe(self.process.wait())


def as_account(user):
    """Popen's arguments to become ``user`` (uid, gid); none to stay who we are."""
    return {"user": user[0], "group": user[1], "extra_groups": []} if user else {}


def ends_with_us(number):
    """For the new process: Linux sends it ``number`` when we die, even by SIGKILL."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def in_the_child():
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # we died before that
            os._exit(1)

    return in_the_child


def kill_group(pid):
    with suppress(ProcessLookupError, PermissionError):  # nothing of it is left
        os.killpg(pid, signal.SIGKILL)


def describe(code):
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
