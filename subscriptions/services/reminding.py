"""Reminders of the day a subscription ends or is deleted: each goes out once."""

from django.db import transaction

from subscriptions.services import life_telling
from subscriptions.services.families import hold


@transaction.atomic
def remind(subscription):
    """Send the reminder that is due now, if there still is one; returns whether there was.

    Of several that were missed only the last goes out.
    """
    held = hold(subscription)
    day = held.reminder_due_on
    if day is None:
        return False
    life_telling.ends_soon(held)
    held.reminded_for = day
    held.save(update_fields=["reminded_for"])
    return True
