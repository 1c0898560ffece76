"""How many mails of partnership requests the portal sends: see ``portal.mail_limits``.

Requests, reminders, resends and tests of a provider's own text alike.
"""

from partners.models import PartnershipRequest
from portal.mail_limits import LimitReached, MailLimits

__all__ = ["LimitReached", "exhausted", "hold", "left_today", "refusal"]

_limits = MailLimits(
    PartnershipRequest,
    tuple(f"partners.tasks.send_{mail}" for mail in ("request", "reminder", "letter_test")),
)
hold, refusal = _limits.hold, _limits.refusal
exhausted, left_today = _limits.exhausted, _limits.left_today
