"""The development mail server takes real SMTP and keeps each message as a file."""

import email
import smtplib
import time

import pytest

from devstack.keeper import Keeper
from devstack.mail import Mail
from devstack.stopping import Stop

MESSAGE = "From: portal@portal.example\r\nSubject: Grüße\r\n\r\nÄußerst wichtig\r\n"


class Patient(Stop):
    def __init__(self):
        """Without signal handlers, which belong to the test run."""

    def pause(self, seconds):
        time.sleep(seconds)


@pytest.fixture
def mail(tmp_path):
    keeper = Keeper(Patient(), tmp_path)
    service = Mail(tmp_path / "mails")
    keeper.start(service)
    yield service
    keeper.end()


def test_a_message_becomes_a_file_with_its_envelope(mail):
    with smtplib.SMTP("127.0.0.1", mail.port) as client:
        client.sendmail("a@portal.example", ["b@x.example", "c@x.example"], MESSAGE.encode())
    (path,) = mail.mails.glob("*.eml")
    message = email.message_from_bytes(path.read_bytes())
    assert message["X-MailFrom"] == "a@portal.example"
    assert message.get_all("X-RcptTo") == ["b@x.example", "c@x.example"]
    assert message.get_payload(decode=True).decode().strip() == "Äußerst wichtig"


def test_messages_of_one_moment_do_not_replace_each_other(mail):
    with smtplib.SMTP("127.0.0.1", mail.port) as client:
        for _ in range(20):
            client.sendmail("a@portal.example", ["b@x.example"], MESSAGE.encode())
    assert len(list(mail.mails.iterdir())) == 20
