"""The regular rounds: license requests that ran out or are due, and orders that are stuck.

Like ``partners.rounds`` it looks as the system and acts as each provider, one row a
transaction; what it missed it makes up for the next time.
"""

import logging
from functools import partial

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.utils.timezone import localdate

from portal.lifecycle import InvalidTransition
from portal.scope import SYSTEM, acting
from subscriptions import services
from subscriptions.models import LicenseRequest, Order, OrderRequest

logger = logging.getLogger(__name__)

MOST = 500  # of each kind in one round


@shared_task
def look_after_license_requests():
    """Let expire what nobody answered, and make the changes that were approved for today."""
    due = LicenseRequest.objects.promised().filter(due_on__lte=localdate())
    try:
        _each(LicenseRequest.objects.run_out().order_by("expires_at"), services.expire_request)
        # Those whose subscription does not run may wait for long: they must not be in the way.
        _each(due.order_by("-due_on"), services.apply_promised)
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)


@shared_task
def look_after_orders():
    """Let requests to order run out, and have stuck orders go on (``ORDER_STUCK_AFTER``)."""
    try:
        late = OrderRequest.objects.run_out().order_by("expires_at")
        _each(late, services.expire_order_request)
        revive = partial(services.revive_order, actor=None)
        _each(Order.objects.stuck().order_by("moved_at"), revive)
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)


def _each(rows, act):
    with acting(SYSTEM):
        found = list(rows.select_related("provider")[:MOST])
    for row in found:
        try:
            with acting(row.provider.actor):
                act(row)
        except InvalidTransition as error:
            logger.info("%r is left as it is: %s", row, error.reason)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except Exception:
            logger.exception("The round could not look after %r", row)
