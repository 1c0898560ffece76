"""The Celery side of the outbox: the bell, the work, and the regular round.

Wake-ups carry no message id. Whoever is woken takes what is due, so that losing, doubling or
delaying a wake-up is harmless.
"""

import logging
import time

from celery import shared_task
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from portal.outbox import worker
from portal.outbox.models import Heartbeat

logger = logging.getLogger(__name__)

BUDGET = 10  # seconds one wake-up may work before it makes room for others
SILENCE = 10  # seconds without ringing after the bell failed to ring
_silent_until = 0.0


def ring():
    """Wake a worker; never raises and never waits long, whatever state Redis is in."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        drain.apply_async(retry=False)
    except (BrokerError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE
        logger.warning("The bell did not ring, the sweep will find the work: %s", error)


@shared_task
def drain():
    """Do what is due until nothing is left or the budget is spent."""
    started = time.monotonic()
    try:
        while worker.work_once():
            if time.monotonic() - started > BUDGET:
                return ring()
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the work waits: %s", error)


@shared_task
def sweep():
    """The regular round: a heartbeat, mails nobody knows the fate of, and forgotten work."""
    try:
        Heartbeat.strike()
        if worker.find_forgotten():
            ring()
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)
