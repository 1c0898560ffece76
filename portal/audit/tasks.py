"""Once a day: is the record still what was written?"""

import logging

from celery import shared_task

from portal.audit import chain
from portal.rounds import waiting_for_the_database
from portal.scope import OPERATOR, acting

logger = logging.getLogger(__name__)

AN_HOUR = 3600  # seconds; a million entries take less than a minute


@shared_task(soft_time_limit=AN_HOUR, time_limit=AN_HOUR + 60)
def verify():
    """Write the heads into the log, which is kept elsewhere, and every broken chain as an error."""
    with waiting_for_the_database(), acting(OPERATOR, read_only=True):
        for broken in chain.breaks():
            logger.error("The activity log is not what was written: %s", broken)
        for head in chain.heads():
            logger.info("Head of the activity log: %s", head)
