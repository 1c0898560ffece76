"""Where somebody is signed in, in words that tell devices apart and little else."""

from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.timezone import now
from django.utils.translation import gettext as _

# The first that occurs in what a browser says about itself is meant.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]


class Device(NamedTuple):
    """One session: ``pk`` ends it, ``is_current`` is the one that looks."""

    pk: int
    name: str
    place: str
    last_seen_at: object
    is_current: bool


def devices_of(user, *, current_key=None):
    """A Device for each session of ``user`` that goes on, the last one seen first."""
    going_on = Session.objects.filter(expire_date__gt=now()).values("session_key")
    sessions = UserSession.objects.filter(user=user, session_key__in=going_on)
    return [
        Device(
            session.pk,
            device_name(session.user_agent),
            masked(session.ip),
            session.last_seen_at,
            session.session_key == current_key,
        )
        for session in sessions.order_by("-last_seen_at", "-pk")
    ]


def device_name(user_agent):
    """``Firefox on Windows``, from what the browser says about itself."""
    browser, system = (_first(words, user_agent) for words in (BROWSERS, SYSTEMS))
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def masked(ip):
    """An address whose second half is nobody's business: ``203.0.…`` or ``2001:db8:…``."""
    separator = ":" if ":" in ip else "."
    return separator.join([*ip.split(separator)[:2], "…"])


def _first(words, text):
    return next((name for sign, name in words if sign in text), "")
