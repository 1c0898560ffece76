"""Looks at processes through /proc, without trusting anybody's word."""

import time
from pathlib import Path


def stat(pid):
    """(parent, time of start, state) of a process; None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return int(fields[1]), fields[19], fields[0]


def children(pid):
    everybody = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [one for one in everybody if (found := stat(one)) and found[0] == pid]


def family(pid):
    """{pid: time of start} of a process and all that descend from it."""
    found = stat(pid)
    members = {pid: found[1]} if found else {}
    for child in children(pid):
        members |= family(child)
    return members


def command(pid):
    """The words it was started with; none when it is gone by now."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return [""]


def alive(members):
    """Those of ``members`` that still run; a number may have gone to somebody else."""
    now = {pid: stat(pid) for pid in members}
    return [
        pid for pid, found in now.items() if found and found[1] == members[pid] and found[2] != "Z"
    ]


def remaining(members, seconds):
    """Those that still run after so many seconds."""
    deadline = time.monotonic() + seconds
    while alive(members) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive(members)
