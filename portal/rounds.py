"""Going through rows of all tenants regularly: looked up as the system, done as their owners.

One row a transaction, so that nothing that is done depends on how often a round comes by, and what
it missed it makes up for the next time.
"""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from portal.lifecycle import InvalidTransition
from portal.scope import SYSTEM, acting

logger = logging.getLogger(__name__)

MOST = 500  # of each kind in one round


def go_through(steps, *, owner, order=("expires_at", "pk"), joined=("created_by",)):
    """Do what is due: ``steps`` are pairs of a queryset and what to do with each of its rows.

    ``owner`` names the foreign key of the Organization that does it, ``joined`` what else a row is
    loaded with. A row that has moved on or fails is left to the next round; without the database
    the whole round is.
    """
    try:
        for due, act in steps:
            _each(due.select_related(owner, *joined).order_by(*order), act, owner)
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)


def _each(due, act, owner):
    with acting(SYSTEM):
        found = list(due[:MOST])
    for row in found:
        try:
            with acting(getattr(row, owner).actor):
                act(row)
        except InvalidTransition as error:
            logger.info("%r is left as it is: %s", row, error.reason)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except Exception:
            logger.exception("The round could not look after %r", row)
