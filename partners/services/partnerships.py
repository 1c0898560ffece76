"""The end of a partnership."""

from django.utils.timezone import now
from django.utils.translation import get_language

from partners.figures import figures
from partners.models import Partnership
from portal.lifecycle import transition


def remove_partnership(partnership, *, actor, statement_version, reason=""):
    """End the relationship; customers and their admin privileges stay.

    ``statement_version`` is the version of the statement that was confirmed (domain.md 2.11);
    ``reason`` is for the log of the side that ends it.
    """
    return transition(
        partnership,
        Partnership.Status.REMOVED,
        actor=actor,
        details={
            "statement": statement_version,
            "language": get_language(),
            "customers": figures(partnership, actor)["customers"],
        },
        removed_at=now(),
        removed_by=actor.user,
        removed_for=actor.organization,
        removal_reason=reason,
        statement_version=statement_version,
    )
