"""The regular rounds: through requests to customers, and through what customers granted.

They look as the system and act as each company. What a round missed it makes up for the next time:
of several reminders that are due at once, the last one goes out alone.
"""

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from customers import services
from customers.models import DelegatedAdmin, RelationshipRequest, TenantOwner
from customers.services import renewing
from portal.accounts.models import Organization
from portal.rounds import go_through
from portal.scope import SYSTEM, acting

logger = logging.getLogger(__name__)


@shared_task
def look_after_relationships():
    """Expire what nobody answered in time; nobody is reminded by this round."""
    steps = [(RelationshipRequest.objects.run_out(), services.expire_relationship)]
    go_through(steps, owner="asked_by")


@shared_task
def look_after_grants():
    """Write down what has ended, then remind: nobody is reminded of what is over."""
    try:
        for due, act in (
            (DelegatedAdmin.objects.run_out(), renewing.expire_grants),
            (TenantOwner.objects.run_out(), renewing.expire_owners),
            (DelegatedAdmin.objects.reminders_due(), renewing.remind_holder),
        ):
            _each(due, act)
    except (OperationalError, InterfaceError) as error:
        logger.warning("Database away, the round is skipped: %s", error)


def _each(due, act):
    """Act for each pair of provider and partner with something due, a transaction each."""
    with acting(SYSTEM):
        pairs = list(due.order_by().values_list("provider", "partner").distinct())
    companies = Organization.objects.in_bulk({pk for pair in pairs for pk in pair})
    for provider, partner in sorted(pairs):
        try:
            with acting(companies[provider].actor):
                act(companies[provider], companies[partner])
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except Exception:
            logger.exception("The round could not look after grants of %s", partner)
