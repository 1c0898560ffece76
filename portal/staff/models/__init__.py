from portal.staff.models.handouts import Handout
from portal.staff.models.invitations import LONGEST_EMAIL, UserInvitation

__all__ = ["LONGEST_EMAIL", "Handout", "UserInvitation"]
