"""How many mails of partnership requests the portal sends: it is no mailing machine.

Counted over the last 24 hours from what was promised in the outbox: requests, reminders, resends
and tests alike. What people send with their own mail programs is their own affair.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext as _

from partners.models import PartnerProfile, PartnershipRequest
from portal.outbox.models import OutboxMessage
from portal.scope import SYSTEM, acting
from portal.sending import NotSent

PERIOD = timedelta(days=1)
COUNTED = [f"partners.tasks.send_{mail}" for mail in ("request", "reminder", "letter_test")]


class LimitReached(NotSent):
    """No more mails today."""


def refusal(membership, recipient):
    """Why no mail may go to ``recipient`` now, as a sentence; empty when one may."""
    return _refusal(membership.organization_id, recipient)


def left_today(membership):
    """How many mails the membership's organization may still send, zero or more."""
    return max(0, settings.REQUESTS_PER_DAY - _sent_by(membership.organization_id))


def exhausted(recipients):
    """Those of ``recipients`` (in lower case) that get no further mail for now, from nobody.

    All providers' mails count: only the system sees them, and nobody learns whose they were.
    """
    lately = Q(sent_at__gt=now() - PERIOD) | Q(reminded_at__gt=now() - PERIOD)
    with acting(SYSTEM):
        asked = PartnershipRequest.objects.annotate(address=Lower("recipient")).filter(lately)
        addresses = dict(asked.filter(address__in=recipients).values_list("pk", "address"))
        mails = _recent().filter(kwargs__request_id__in=list(addresses))
        sent = Counter(mails.values_list("kwargs__request_id", flat=True))
    number = Counter()
    for request, mails in sent.items():
        number[addresses[request]] += mails
    return {a for a, n in number.items() if n >= settings.REQUESTS_PER_RECIPIENT_AND_DAY}


def hold(organization, recipient=""):
    """Make sure that ``organization`` may send one more mail, until the transaction ends.

    Mails of one organization wait for each other here, so that no two are the last one of the day.
    Raises LimitReached.
    """
    profiles = PartnerProfile.objects.select_for_update(of=("self",))
    profiles.filter(organization=organization).first()
    if reason := _refusal(organization.pk, recipient):
        raise LimitReached(reason)


def _refusal(organization_id, recipient):
    if _sent_by(organization_id) >= settings.REQUESTS_PER_DAY:
        return _(
            "Your company has sent %(number)s emails of this kind within 24 hours, as many as "
            "possible. Try again tomorrow."
        ) % {"number": settings.REQUESTS_PER_DAY}
    if recipient and exhausted({recipient.lower()}):
        return _(
            "This address gets no further email of this kind from the portal for now. "
            "Try again tomorrow."
        )
    return ""


def _recent():
    return OutboxMessage.objects.filter(task__in=COUNTED, created_at__gt=now() - PERIOD)


def _sent_by(organization_id):
    return _recent().filter(organization=organization_id).count()
