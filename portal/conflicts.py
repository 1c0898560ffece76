"""What is answered when somebody else got there first: 409, never 500."""

from django.db import IntegrityError, OperationalError
from django.shortcuts import render
from django.utils.translation import gettext as _
from psycopg.errors import CheckViolation, DeadlockDetected, UniqueViolation

from portal.lifecycle import InvalidTransition

LAST_GLOBAL_ADMIN = "organization_keeps_a_global_admin"  # accounts migration 0002


def conflict(request, exception):
    """The 409 page for ``exception``, or None when it is something else."""
    reason = _reason(exception)
    return reason and render(request, "errors/409.html", {"reason": reason}, status=409)


def would_leave_no_global_admin(exception):
    """Whether it is the database that refused to leave an organization without global admin."""
    cause = exception.__cause__
    return (
        isinstance(exception, IntegrityError)
        and isinstance(cause, CheckViolation)
        and cause.diag.constraint_name == LAST_GLOBAL_ADMIN
    )


def _reason(exception):
    if isinstance(exception, InvalidTransition):
        return exception.reason
    cause = exception.__cause__
    if isinstance(exception, IntegrityError) and isinstance(cause, UniqueViolation):
        return _("That has just been done already.")
    if isinstance(exception, OperationalError) and isinstance(cause, DeadlockDetected):
        return _("Somebody changed the same thing at the same moment. Please try again.")
    if would_leave_no_global_admin(exception):
        return _("An organization needs at least one global admin. Nothing was changed.")
    return None
