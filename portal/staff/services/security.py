"""What an organization decides for everybody who works there (ux.md 2.19)."""

from django.db import transaction

from portal.accounts.services import hold_members
from portal.audit.services import record

POLICY = ("requires_second_factor", "idle_minutes", "email_domains", "narrows_removal")


class PolicyChanged(Exception):
    """The policy is no longer the one that the page showed."""


def fingerprint(organization):
    """A short text that changes with every part of the policy."""
    return "|".join(str(_text(getattr(organization, name))) for name in POLICY)


@transaction.atomic
def change_policy(policy, *, actor, seen):
    """Write ``policy`` (names of POLICY with values, those left out stay) for ``actor``'s place.

    It holds from everybody's next request on. ``seen`` is the fingerprint of the page it was
    decided on. Returns whether anything was new; raises PolicyChanged.
    """
    held = hold_members(actor.organization_id)
    if seen != fingerprint(held):
        raise PolicyChanged
    new = {name: value for name, value in policy.items() if value != getattr(held, name)}
    changes = [[name, _text(getattr(held, name)), _text(value)] for name, value in new.items()]
    for name, value in new.items():
        setattr(held, name, value)
    if changes:
        held.save(update_fields=list(new))
        record("organization.secured", actor=actor, target=held, changes=changes)
    return bool(changes)


def _text(value):
    return ", ".join(value) if isinstance(value, list) else value
