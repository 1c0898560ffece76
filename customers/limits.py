"""How many mails of relationship requests the portal sends: see ``portal.mail_limits``."""

from customers.models import RelationshipRequest
from portal.mail_limits import MailLimits

_limits = MailLimits(
    RelationshipRequest,
    tuple(f"customers.tasks.send_relationship_{mail}" for mail in ("request", "reminder")),
)
hold, refusal = _limits.hold, _limits.refusal
