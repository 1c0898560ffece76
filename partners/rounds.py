"""The regular round through all providers' requests: what has run out, who is to be reminded.

It looks as the system and acts as each provider, one request a transaction, so that nothing it
does depends on how often it comes by, and what it missed it makes up for the next time.
"""

import logging
from datetime import timedelta

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.utils.timezone import now

from partners import services, wording
from partners.models import PartnershipRequest
from partners.services import reminders
from portal.lifecycle import InvalidTransition
from portal.scope import SYSTEM, acting

logger = logging.getLogger(__name__)

UNUSED = timedelta(days=7)  # until a draft to nobody, in the standard text, goes away
MOST = 500  # of each kind in one round


@shared_task
def look_after_requests():
    """Expire, tidy up, remind: in this order, so that nobody is reminded of what has ended."""
    try:
        for due, act in (
            (PartnershipRequest.objects.run_out(), services.expire_request),
            (_left_lying(), _withdraw_unused),
            (reminders.due_by_themselves(), reminders.remind_as_due),
        ):
            _each(due, act)
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)


def _left_lying():
    """Drafts that can't be sent any more, and those that perhaps nobody ever used."""
    drafts = PartnershipRequest.objects.filter(status=PartnershipRequest.Status.DRAFT)
    unused = Q(recipient="", opened_at=None, created_at__lte=now() - UNUSED)
    return drafts.filter(unused | Q(expires_at__lte=now()))


def _each(due, act):
    with acting(SYSTEM):
        found = list(
            due.select_related("provider", "created_by").order_by("expires_at", "pk")[:MOST]
        )
    for request in found:
        try:
            with acting(request.provider.actor):
                act(request)
        except InvalidTransition as error:
            logger.info("Request %s is left as it is: %s", request.pk, error.reason)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except Exception:
            logger.exception("The round could not look after request %s", request.pk)


def _withdraw_unused(draft):
    """Looked at anew while nobody else can touch it: it may be in use at this very moment."""
    locked = _left_lying().select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if locked and (locked.has_expired or wording.is_untouched(locked)):
        services.withdraw_request(locked, actor=None)
