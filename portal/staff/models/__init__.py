from portal.staff.models.handouts import Handout
from portal.staff.models.invitations import (
    LONGEST_EMAIL,
    Invitation,
    InvitationQuerySet,
    UserInvitation,
)

__all__ = ["LONGEST_EMAIL", "Handout", "Invitation", "InvitationQuerySet", "UserInvitation"]
