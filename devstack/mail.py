"""The development mail server: real SMTP on a loopback port; each message becomes a file."""

import argparse
import asyncio
import os
import socket
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from devstack.keeper import Service

HOST = "127.0.0.1"


class Mail(Service):
    name = "mail"

    def __init__(self, folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # links in mails open doors
        self.mails, self.port = folder, free_port()

    @property
    def url(self):
        return f"smtp://{HOST}:{self.port}"

    def command(self):
        return [sys.executable, "-m", "devstack.mail", str(self.port), self.mails]

    def ready(self):
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                return connection.recv(4) == b"220 "
        except OSError:
            return False


class Mailbox:
    """Stores what comes in as ``<time>-<number>.eml``, with the envelope in front as headers."""

    def __init__(self, folder):
        self.folder, self.numbers = folder, count(1)

    async def handle_DATA(self, server, session, envelope):
        self.store(envelope.mail_from, envelope.rcpt_tos, envelope.content)
        return "250 Stored"

    def store(self, sender, recipients, content):
        lines = [f"X-MailFrom: {sender}", *(f"X-RcptTo: {address}" for address in recipients)]
        head = "".join(f"{line}\r\n" for line in lines).encode()
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{next(self.numbers)}"
        # Readers never see half a message.
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes(head + content)
        os.replace(unfinished, self.folder / f"{name}.eml")


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


async def serve(port, folder):
    from aiosmtpd.smtp import SMTP

    def conversation():
        return SMTP(Mailbox(folder), hostname="localhost", enable_SMTPUTF8=True)

    server = await asyncio.get_running_loop().create_server(conversation, HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.folder))
