"""How many mails of one kind of request the portal sends: it is no mailing machine.

Counted over the last 24 hours from what was promised in the outbox. What people send with their
own mail programs is their own affair.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal.outbox.models import OutboxMessage
from portal.scope import SYSTEM, acting
from portal.sending import NotSent

PERIOD = timedelta(days=1)


class LimitReached(NotSent):
    """No more mails today."""


@dataclass(frozen=True)
class MailLimits:
    """The limits of mails about rows of ``requests``, which the outbox knows as ``tasks``.

    ``recipient`` and ``moments`` name the rows' fields with the address and with the times at which
    they were mailed; a task that goes to the recipient takes the row's id as ``request_id``.
    """

    requests: type[models.Model]
    tasks: tuple[str, ...]
    recipient: str = "recipient"
    moments: tuple[str, ...] = ("sent_at", "reminded_at")

    def refusal(self, membership, recipient):
        """Why no mail may go to ``recipient`` now, as a sentence; empty when one may."""
        return self._refusal(membership.organization_id, recipient)

    def left_today(self, membership):
        """How many mails the membership's organization may still send, zero or more."""
        return max(0, settings.REQUESTS_PER_DAY - self._sent_by(membership.organization_id))

    def exhausted(self, recipients):
        """Those of ``recipients`` (in lower case) that get no further mail for now, from nobody.

        All companies' mails count: only the system sees them, and nobody learns whose they were.
        """
        lately = Q()
        for moment in self.moments:
            lately |= Q(**{f"{moment}__gt": now() - PERIOD})
        with acting(SYSTEM):
            asked = self.requests.objects.annotate(address=Lower(self.recipient)).filter(lately)
            addresses = dict(asked.filter(address__in=recipients).values_list("pk", "address"))
            mails = self._recent().filter(kwargs__request_id__in=list(addresses))
            sent = Counter(mails.values_list("kwargs__request_id", flat=True))
        number = Counter()
        for request, mails in sent.items():
            number[addresses[request]] += mails
        return {a for a, n in number.items() if n >= settings.REQUESTS_PER_RECIPIENT_AND_DAY}

    def hold(self, organization, recipient=""):
        """Make sure that ``organization`` may send one more mail, until the transaction ends.

        Mails of one organization wait for each other here, and then those to one address from all
        organizations, so that no two are the last one of the day; at most one a transaction, or
        two could wait for each other for ever. Raises LimitReached.
        """
        self._wait(f"from {organization.pk}")
        if recipient:
            self._wait(f"to {recipient.lower()}")
        if reason := self._refusal(organization.pk, recipient):
            raise LimitReached(reason)

    def _wait(self, whom):
        """Nobody else passes here with the same word until this transaction ends."""
        word = f"{self.requests._meta.label_lower} {whom}"
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [word])

    def _refusal(self, organization_id, recipient):
        if self._sent_by(organization_id) >= settings.REQUESTS_PER_DAY:
            return _(
                "Your company has sent %(number)s emails of this kind within 24 hours, as many as "
                "possible. Try again tomorrow."
            ) % {"number": settings.REQUESTS_PER_DAY}
        if recipient and self.exhausted({recipient.lower()}):
            return _(
                "This address gets no further email of this kind from the portal for now. "
                "Try again tomorrow."
            )
        return ""

    def _recent(self):
        lately = now() - PERIOD
        return OutboxMessage.objects.filter(task__in=self.tasks, created_at__gt=lately)

    def _sent_by(self, organization_id):
        return self._recent().filter(organization=organization_id).count()
