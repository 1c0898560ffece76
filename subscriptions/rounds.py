"""The regular round through the license requests: what has run out, what a renewal brings.

Like ``partners.rounds`` it looks as the system and acts as each provider, one request a
transaction; what it missed it makes up for the next time.
"""

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.utils.timezone import localdate

from portal.lifecycle import InvalidTransition
from portal.scope import SYSTEM, acting
from subscriptions import services
from subscriptions.models import LicenseRequest

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


def _each(requests, act):
    with acting(SYSTEM):
        found = list(requests.select_related("provider")[:MOST])
    for request in found:
        try:
            with acting(request.provider.actor):
                act(request)
        except InvalidTransition as error:
            logger.info("License request %s is left as it is: %s", request.pk, error.reason)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except Exception:
            logger.exception("The round could not look after license request %s", request.pk)
