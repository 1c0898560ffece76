"""Is the record still what was written? Once a day for all, and for one whenever it is asked."""

import logging

from celery import shared_task
from django.utils.translation import gettext_noop

from portal.audit import chain, verifying
from portal.outbox.services import enqueue
from portal.rounds import waiting_for_the_database
from portal.scope import OPERATOR, acting

logger = logging.getLogger(__name__)

AN_HOUR = 3600  # seconds; a million entries take less than a minute


@shared_task(soft_time_limit=AN_HOUR, time_limit=AN_HOUR + 60)
def verify():
    """Write the heads into the log, which is kept elsewhere, and every broken chain as an error."""
    with waiting_for_the_database():
        for broken in verifying.verify():
            logger.error("The activity log is not what was written: %s", broken)
        with acting(OPERATOR, read_only=True):
            for head in chain.heads():
                logger.info("Head of the activity log: %s", head)


@shared_task
def verify_one(organization_id):
    """Verify one organization's chain; millions of entries take too long and wait for the night."""
    verifying.verify_one(organization_id)


def promise_verification(found):
    """Promise to verify the chain that the BrokenChain ``found`` is about, once a round."""
    enqueue(
        verify_one,
        organization=None,
        key=f"audit:verify:{found.organization_id}:{found.verified_at.isoformat()}",
        subject=gettext_noop("Verification of an activity log"),
        organization_id=found.organization_id,
    )
