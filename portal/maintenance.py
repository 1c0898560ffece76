"""Closed for a while, as MAINTENANCE says: announced on every page, then 503 until it ends.

Neither needs the database: that is what is usually being maintained.
"""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from portal.accounts import errors

ANNOUNCED = timedelta(hours=24)
OPEN = ("healthz", "readyz")  # whoever watches the portal sees what it is like behind the sign


class MaintenanceMiddleware:
    """Answers 503 and the time it ends, to everything but the checks of health."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.open = [reverse(name) for name in OPEN]

    def __call__(self, request):
        if not _is_closed() or request.path_info in self.open:
            return self.get_response(request)
        _start, end = settings.MAINTENANCE
        left = end - now()
        return errors.closed(request, until=end, seconds=ceil(left.total_seconds()))


def announced():
    """What everybody is told beforehand, in their language and time zone; "" when nothing is."""
    if not settings.MAINTENANCE:
        return ""
    start, end = map(localtime, settings.MAINTENANCE)
    if not start - ANNOUNCED <= now() < start:
        return ""
    words = _(
        "Closed for maintenance from %(start)s to %(end)s. Finish what you are typing before."
    )
    return words % {"start": _moment(start), "end": _moment(end)}


def _is_closed():
    if not settings.MAINTENANCE:
        return False
    start, end = settings.MAINTENANCE
    return start <= now() < end


def _moment(at):
    """Day and time with its zone: whoever is not signed in may be anywhere."""
    return f"{date_format(at, 'SHORT_DATETIME_FORMAT')} ({at.tzname()})"
