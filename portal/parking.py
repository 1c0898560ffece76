"""What somebody typed when their session ended: kept until they have signed in again.

It lies in the session of the browser it came from, which is encrypted and ends within the hour,
and is given back to the very person who typed it. Nothing is submitted for them: the form is
shown filled in, and they press its button again.
"""

import re
import time
from contextvars import ContextVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal import seen_as
from portal.links import safe_url

LIFETIME = 60 * 60  # seconds
MOST_TEXT = 100_000  # characters
KEY = "parked"
COOKIE = "__Host-person" if settings.HTTPS else "person"
COOKIE_AGE = 30 * 24 * 60 * 60  # seconds: longer than any session
SECRET = re.compile(r"password|secret|token|credential|^code$", re.I)
# Signing in is itself what was asked for there, and Django admin has forms of its own.
NEVER = ("/accounts/login", "/accounts/2fa", "/accounts/password", "/admin/")

_typed = ContextVar("typed", default=None)


def typed_again():
    """The QueryDict that was typed for the page being shown, or None."""
    return _typed.get()


def park(request, person):
    """Keep what the request sent for the user with the id ``person``; False if there is nothing.

    It fills in the form when that person opens the page at this address the next time.
    """
    typed = _harmless(request.POST)
    if not typed or len(typed) > MOST_TEXT:
        return False
    parked = {"person": str(person), "path": request.path, "typed": typed}
    where = {"page": page_of(request), "seen_as": seen_as.sent_as(request)}
    request.session[KEY] = parked | where | {"at": time.time()}
    return True


def park_own(request):
    """``park`` for whoever sits there: an operator who looks as somebody else stays themselves."""
    return park(request, _sitting(request).pk)


def park_form(request):
    """``park_own`` for what one of our pages sent to its own address: buttons type nothing."""
    has_form = page_of(request).partition("?")[0] == request.path and not request.htmx
    return has_form and is_from_here(request) and park_own(request)


def is_from_here(request):
    """Whether the browser says that one of our own pages sent this."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return sender.startswith(("http://", "https://")) and bool(safe_url(request, sender))


def _sitting(request):
    return getattr(request, "operator", None) or request.user


class ParkingMixin:
    """For forms: begins with what was typed before the session ended.

    Hidden and disabled fields, passwords, files and ticks that must be given are not filled in: the
    page they belonged to is no longer the one that is shown.
    """

    def get_initial_for_field(self, field, field_name):
        initial = super().get_initial_for_field(field, field_name)
        typed, name = typed_again(), self.add_prefix(field_name)
        if not typed or not _may_return(field) or not self._was_sent(typed):
            return initial
        return field.widget.value_from_datadict(typed, {}, name)

    def _was_sent(self, typed):
        return any(self.add_prefix(name) in typed for name in self.fields)


class ParkingMiddleware:
    """Parks forms that are sent after the session has ended, and gives them back.

    A signed cookie remembers whose session it was: nobody else gets what was typed, and without
    it nothing is kept. Signing out forgets it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        known, token = request.user.is_authenticated, _typed.set(None)
        try:
            response = self.get_response(request)
        finally:
            _typed.reset(token)
        self._remember(request, response, was_known=known)
        if response.status_code == 405 and getattr(request, "parked", None):
            return redirect(request.parked["page"] or "home")  # a button without a page of its own
        return response

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated:
            return self._give_back(request)
        if request.method == "POST" and getattr(view, "login_required", True):
            return self._park(request)

    def _park(self, request):
        person = _person(request)
        is_form = not request.path.startswith(NEVER) and "HX-Request" not in request.headers
        if not (person and is_form and park(request, person)):
            return None  # LoginRequiredMiddleware asks them to sign in
        request.session.set_expiry(LIFETIME)
        ended = "" if getattr(request, "session_ended", "") else _("Your session has ended.")
        messages.info(request, " ".join([ended, _("Sign in: we kept what you typed.")]).strip())
        return redirect_to_login(request.get_full_path())

    def _give_back(self, request):
        parked = request.session.get(KEY)
        if not parked:
            return
        request.session.set_expiry(None)  # signed in again: as long as any other
        is_late = time.time() - parked["at"] > LIFETIME
        drawn_as = parked.get("seen_as", "")  # of before an upgrade: one's own page
        is_there = (parked["path"], drawn_as) == (request.path, seen_as.drawn_as())
        if is_late or parked["person"] != str(_sitting(request).pk):
            del request.session[KEY]
        elif is_there and request.method == "POST":
            del request.session[KEY]  # sent at last
        elif is_there and request.method == "GET":
            request.parked = parked
            _typed.set(QueryDict(parked["typed"]))
            messages.info(request, _("We kept what you typed. Nothing is submitted yet."))

    def _remember(self, request, response, *, was_known):
        if not request.user.is_authenticated:
            if was_known:
                response.delete_cookie(COOKIE, samesite="Lax")
        elif _person(request) != str(request.user.pk):
            response.set_cookie(
                COOKIE,
                signing.dumps(str(request.user.pk), salt=KEY),
                max_age=COOKIE_AGE,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )


def _person(request):
    """The id of whoever was signed in last in this browser, or None."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=KEY, max_age=COOKIE_AGE)
    except signing.BadSignature:
        return None


def _harmless(posted):
    """What was typed, without passwords and tokens, as one text."""
    kept = QueryDict(mutable=True)
    for name, values in posted.lists():
        if name != seen_as.FIELD and not SECRET.search(name):
            kept.setlist(name, values)
    return kept.urlencode()


def page_of(request):
    """The path of the page whose button was pressed, as the browser tells it; else nothing."""
    referer = safe_url(request, request.headers.get("Referer", ""))
    found = urlsplit(referer)
    if found.path.startswith("//"):
        return ""  # somebody else's address, once the portal's own is cut off
    return f"{found.path}?{found.query}" if found.query else found.path


def _may_return(field):
    widget, is_tick = field.widget, isinstance(field, forms.BooleanField)
    unsafe = isinstance(widget, forms.PasswordInput | forms.FileInput)
    is_fixed = widget.is_hidden or field.disabled
    return not (is_fixed or unsafe or (is_tick and field.required))
