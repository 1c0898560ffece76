"""How and where somebody signs in, in words that tell devices apart and little else."""

from ipaddress import ip_address
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal.accounts.second_factor import FACTORS

LONGEST_NUMBER = 18  # digits that any id of the database fits in

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
    address = ip_address(ip)
    if address.version == 4:
        return ".".join([*ip.split(".")[:2], "…"])
    groups = address.exploded.split(":")[:2]
    return ":".join([*(f"{int(group, 16):x}" for group in groups), "…"])


def factors_of(user):
    """The second factors of ``user``, as people call them."""
    kinds = Authenticator.objects.filter(user=user, type__in=FACTORS)
    found = set(kinds.values_list("type", flat=True))
    names = {
        Authenticator.Type.TOTP: _("Authenticator app"),
        Authenticator.Type.WEBAUTHN: _("Passkey"),
    }
    return [name for kind, name in names.items() if kind in found]


def session_number(text):
    """The id of a session as a button sends it, or None for what is none."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


def leave(request, said):
    """To the sign-in, with what has been done: one's own session ended with all others."""
    logout(request)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("account_login"))


def _first(words, text):
    return next((name for sign, name in words if sign in text), "")
