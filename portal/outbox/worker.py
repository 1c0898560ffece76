"""Doing one promised task: claim it, run it for its organization, write down how it went.

A task that changes the database does so in the transaction that marks it done, so it happens
exactly once. A task that returns a mail has it posted; between the moment the mail server may
have it and the moment we know, the row says so (``handed_at``), and a crash in between leaves it
``uncertain`` instead of sending it twice.
"""

import logging
import smtplib
import time
from typing import NamedTuple

from celery import current_app
from django.core.mail import get_connection
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_noop

from portal.audit.origin import coming_from
from portal.outbox.models import OutboxMessage
from portal.scope import SYSTEM, acting

logger = logging.getLogger(__name__)

PERSIST = 25  # seconds to keep trying to write down that a mail was accepted
LOST_IN_THE_POST = gettext_noop("The worker stopped while the mail was being handed over.")


class GiveUp(Exception):
    """Raised by a task that can never succeed; the text is shown to staff."""


class Later(NamedTuple):
    """Returned by a task that could not do it now: what it wrote is kept, and it is tried again.

    ``reason`` is shown to staff. The pauses grow as after an exception; a task that must know
    which try is the last asks ``OutboxMessage.is_last_try``.
    """

    reason: str


def work_once():
    """Do one due task. Returns False when nothing is due."""
    message = _claim()
    if message is None:
        return False
    try:
        mail = _run(message)
        if mail is not None:
            _post(message, mail)
    except (OperationalError, InterfaceError):
        raise  # the lease runs out and somebody takes it up again
    except Exception as error:
        logger.exception("%s failed for %s", message.task, message.pk)
        _settle(message, "fail", error, for_good=isinstance(error, GiveUp))
    return True


def find_forgotten():
    """Mark mails of dead workers as uncertain; tell whether any work is due."""
    with acting(SYSTEM):
        for message in OutboxMessage.objects.abandoned_in_the_post().select_for_update():
            message.doubt(LOST_IN_THE_POST)
        return OutboxMessage.objects.due().exists()


def _claim():
    with acting(SYSTEM):
        due = OutboxMessage.objects.due().order_by("available_at")
        message = due.select_for_update(skip_locked=True).first()
        if message:
            message.claim()
        return message


def _held(message):
    """The row, locked, if it is still ours: a slow worker may have lost its lease."""
    ours = OutboxMessage.objects.filter(status=OutboxMessage.Status.RUNNING, lease=message.lease)
    return ours.select_for_update().filter(pk=message.pk).first()


def _run(message):
    """Run the task for its organization; returns the mail to post, if it is about one.

    What it records, and what is promised by it, names the operator it was promised under.
    """
    with coming_from(operator_id=message.operator_id), acting(message.actor):
        held = _held(message)
        if held is None:
            return None
        outcome = current_app.tasks[message.task].run(**message.kwargs)
        if isinstance(outcome, Later):
            return held.fail(outcome.reason)
        if outcome is None:
            held.finish()
        else:
            held.address(outcome)
        return outcome


def _post(message, mail):
    mail.extra_headers["Message-ID"] = message.message_id
    server = get_connection()
    server.open()  # a server that is away is found out before the mail is in anybody's hands
    if not _settle(message, "hand_over"):
        return
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        for_good = all(code >= 500 for code, _text in answers)
        _settle(message, "fail", "; ".join(_said(*answer) for answer in answers), for_good=for_good)
    except smtplib.SMTPResponseException as error:
        said = _said(error.smtp_code, error.smtp_error)
        _settle(message, "fail", said, for_good=error.smtp_code >= 500)
    except (OSError, smtplib.SMTPException) as error:
        _settle(message, "doubt", error)
    else:
        _persist(message)
    finally:
        server.close()


def _said(code, text):
    """The mail server's answer as it gave it: ``550 5.1.1 no such user``."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return f"{code} {' '.join(words.split())}"


def _settle(message, how, *args, **kwargs):
    """Write down one step of a claimed message; False when it is no longer ours."""
    with acting(SYSTEM):
        held = _held(message)
        if held:
            getattr(held, how)(*args, **kwargs)
        return held is not None


def _persist(message):
    """The mail is accepted: don't forget it because the database is just restarting."""
    deadline = time.monotonic() + PERSIST
    while True:
        try:
            return _settle(message, "finish")
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
