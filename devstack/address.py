"""Where the portal answers: one port on the loopback addresses."""

import errno
import http.client
import os
import socket

from devstack.console import Refusal

DEFAULT_PORT = "8000"
LOOPBACK = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}


def port():
    """PORT as a number that is free at this moment; Refusal otherwise."""
    text = os.environ.get("PORT") or DEFAULT_PORT
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT must be a number from 1 to 65535, not {text!r}.")
    if not binds(int(text)):
        raise Refusal(f"This machine has no loopback address to answer on port {text}.")
    return int(text)


def binds(number):
    """The loopback addresses of this machine, as gunicorn wants them; not each has IPv6."""
    found = []
    for host, family in LOOPBACK.items():
        try:
            take(host, family, number)
        except OSError as error:
            refuse(number, error)
        else:
            found.append(f"[{host}]:{number}" if ":" in host else f"{host}:{number}")
    return found


def take(host, family, number):
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        probe.bind((host, number))
        probe.listen()


def refuse(number, error):
    """Raise Refusal when ``error`` is about the port, and not about a missing address family."""
    if error.errno == errno.EADDRINUSE:
        raise Refusal(
            f"Port {number} is in use by another program. Choose one: make run PORT={number + 1}"
        )
    if error.errno == errno.EACCES:
        raise Refusal(f"Port {number} needs more rights. Choose one: make run PORT=8000")


def answers(number, path, host):
    """(status, body) of a GET to ourselves; (0, reason) while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", number, timeout=3)
    try:
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        return response.status, response.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()
