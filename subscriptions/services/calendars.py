"""A person's private address for calendars: made, made anew, ended."""

import secrets

from django.db import transaction
from django.utils.timezone import now

from portal.audit.services import record
from subscriptions.models import CalendarFeed

BYTES = 24  # of the secret: nobody guesses 192 bits


@transaction.atomic
def open_feed(*, actor):
    """Make the actor's address, or a new one, with which the old one ends; returns the secret.

    It is known to nobody afterwards but to whoever keeps it.
    """
    token = secrets.token_urlsafe(BYTES)
    feed, _is_new = CalendarFeed.objects.update_or_create(
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        defaults={"token_hash": CalendarFeed.digest(token), "made_at": now()},
    )
    record("calendarfeed.opened", actor=actor, target=feed)
    return token


@transaction.atomic
def close_feed(*, actor):
    """End the actor's address; harmless where there is none."""
    feed = CalendarFeed.objects.visible_to(actor).select_for_update().first()
    if feed:
        record("calendarfeed.closed", actor=actor, target=feed)
        feed.delete()
