"""How many invitations of staff the portal mails: see ``portal.mail_limits``."""

from portal.mail_limits import LimitReached, MailLimits
from portal.staff.models import UserInvitation

__all__ = ["LimitReached", "hold"]

hold = MailLimits(
    UserInvitation,
    tasks=("portal.staff.tasks.send_invitation",),
    recipient="email",
    moments=("sent_at",),
).hold
