"""When to end: somebody asked by a signal, or the process that started us is gone."""

import os
import select
import signal
from pathlib import Path


class Stopped(Exception):
    """It is time to end."""


class Stop:
    """Watches for the reasons to end. Made once, in the main thread, before anything is started."""

    def __init__(self):
        self.asked = False
        self.parent = os.getppid()
        self.make_seen_ending = False
        self.wake_up, writer = os.pipe()
        for end in (self.wake_up, writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._listen()

    def _listen(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started with nohup
            signal.signal(number, self._ask)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # a child's end wakes pause()

    def _ask(self, *_):
        self.asked = True

    def pause(self, seconds):
        """Wait so many seconds, or until a child ends; raise Stopped when it is time to end."""
        ready, _, _ = select.select([self.wake_up], [], [], seconds)
        if ready:
            os.read(self.wake_up, 4096)
        if self.asked or self.parent_has_left():
            raise Stopped

    def parent_has_left(self):
        if os.getppid() != self.parent:
            return True
        seen, self.make_seen_ending = self.make_seen_ending, make_is_ending(self.parent)
        return seen and self.make_seen_ending


def make_is_ending(pid):
    """Whether ``pid`` is a GNU make that got SIGINT or SIGHUP for itself alone.

    It passes SIGTERM on, but takes those two for a terminal's, which we would have got as well, and
    waits for our end inside its signal handler, where the signal is blocked. No /proc, no answer.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    mask = int(fields.get("SigBlk", "0"), 16)
    interrupted = any(mask >> (number - 1) & 1 for number in (signal.SIGINT, signal.SIGHUP))
    return interrupted and fields.get("Name") in {"make", "gmake"}
