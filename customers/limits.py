"""How many mails of each kind of request the portal sends: see ``portal.mail_limits``."""

from customers.models import AccountInvitation, RelationshipRequest
from portal.mail_limits import MailLimits

_limits = MailLimits(
    RelationshipRequest,
    tuple(f"customers.tasks.send_relationship_{mail}" for mail in ("request", "reminder")),
)
hold, refusal = _limits.hold, _limits.refusal
hold_invitation = MailLimits(
    AccountInvitation,
    ("customers.invitation_tasks.send_account_invitation",),
    recipient="email",
    moments=("sent_at",),
).hold
