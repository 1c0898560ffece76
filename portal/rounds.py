"""Going through rows of all tenants regularly: looked up as the system, done as their owners.

One row a transaction, so that nothing that is done depends on how often a round comes by, and what
it missed it makes up for the next time.
"""

import logging
from contextlib import contextmanager

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.db.models import Model

from portal.lifecycle import InvalidTransition
from portal.scope import SYSTEM, acting

logger = logging.getLogger(__name__)

MOST = 500  # of each kind in one round


def go_through(steps, *, owner, most=MOST):
    """Do what is due: ``steps`` are pairs of an ordered queryset and what to do with each row.

    ``owner`` names the foreign key of the Organization that does it, ``most`` is how many rows of
    each kind one round takes. Without the database the whole round is left to the next one.
    """
    with waiting_for_the_database():
        for due, act in steps:
            with acting(SYSTEM):
                rows = list(due.select_related(owner)[:most])
            do_each(rows, act, owner=lambda row: getattr(row, owner))


def do_each(rows, act, *, owner):
    """Call ``act`` with each of ``rows``, as the Organization that ``owner`` returns for it.

    A row that has moved on or fails is left to the next round. Raises what the database raises
    when it is away.
    """
    for row in rows:
        try:
            with acting(owner(row).actor):
                act(row)
        except InvalidTransition as error:
            logger.info("%s is left as it is: %s", _called(row), error.reason)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except Exception:
            logger.exception("The round could not look after %s", _called(row))


@contextmanager
def waiting_for_the_database():
    """A round, which ends early and says so in the log while there is no database."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)


def _called(row):
    """By its id: the log names nobody, least of all whom a round is about to forget."""
    return f"{row._meta.label} {row.pk}" if isinstance(row, Model) else row
