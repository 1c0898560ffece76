"""Who may look after whom among a customer's users."""

from django.utils.translation import gettext as _

from portal.accounts.decorators import Forbidden
from portal.accounts.roles import Permission, Role


def check_may_touch(actor, *, roles):
    """Raise Forbidden when ``actor`` may not change somebody with ``roles`` (domain.md 1a, 23).

    Only a global admin, of the provider or of the customer, touches a global admin.
    """
    if not may_touch(actor, roles=roles):
        raise Forbidden(Permission.MANAGE_GLOBAL_ADMINS)


def may_touch(actor, *, roles):
    """Whether ``actor`` may change somebody with ``roles``; see ``check_may_touch``."""
    return Role.GLOBAL_ADMIN not in roles or actor.can(Permission.MANAGE_GLOBAL_ADMINS)


def why_no_reset_of(person):
    """Why nobody here makes a new password for this CustomerUser; a sentence, "" if they may.

    One account opens every place of a person: whoever had its password could act elsewhere, too.
    """
    if person.user.opens_only(person.organization_id):
        return ""
    return _(
        "This person also works where you may not look after them. They get a new password "
        "with “Forgot your password?” on the sign-in page."
    )


def why_no_deletion_of(person):
    """Why this CustomerUser stays; a sentence, "" if they may go: it closes the whole account."""
    if person.user.opens_only(person.organization_id):
        return ""
    return _(
        "This person also works elsewhere with this account, so it can't be deleted here. Take "
        "their role and licenses away instead."
    )
