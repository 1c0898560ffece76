"""The regular round through deleted users: whose time to be restored is over is gone for good."""

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.timezone import now

from customers import services
from customers.models import CustomerUser, UserUpload, UserUploadRow
from portal.lifecycle import InvalidTransition
from portal.scope import SYSTEM, acting

logger = logging.getLogger(__name__)

MOST = 200  # of each kind in one round; the next one comes within the hour


@shared_task
def purge_users():
    """Empty old files first: their rows name people who may be purged right after."""
    late = now() - settings.USER_RESTORE_WINDOW
    try:
        for upload in _found(UserUpload.objects.filter(created_at__lte=late, rows__isnull=False)):
            _empty(upload)
        for person in _found(CustomerUser.objects.deactivated().filter(deactivated_at__lte=late)):
            _purge(person)
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)


def _found(rows):
    with acting(SYSTEM):
        return list(rows.order_by("pk").distinct()[:MOST])


def _empty(upload):
    with acting(upload.acting_for.actor):
        UserUploadRow.objects.filter(upload=upload).delete()


def _purge(person):
    try:
        with acting(person.organization.actor):
            services.purge_user(person)
    except InvalidTransition as error:
        logger.info("User %s is left as it is: %s", person.pk, error.reason)
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise
    except Exception:
        logger.exception("The round could not purge user %s", person.pk)
