"""Who may look after whom among a customer's users."""

from portal.accounts.decorators import Forbidden
from portal.accounts.roles import Permission, Role


def check_may_touch(actor, *, roles):
    """Raise Forbidden when ``actor`` may not change somebody with ``roles`` (domain.md 1a, 23).

    Only a global admin, of the provider or of the customer, touches a global admin.
    """
    if Role.GLOBAL_ADMIN in roles and not actor.can(Permission.MANAGE_GLOBAL_ADMINS):
        raise Forbidden(Permission.MANAGE_GLOBAL_ADMINS)
