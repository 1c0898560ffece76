"""Sessions end: after a while without anybody there, and after a day's work in any case.

Whoever sits in front of a page that asks by itself how far something is, is not necessarily there:
such requests (``POLLING``) don't keep a session alive. What ended becomes anonymous, so that a form
that is sent too late is parked (``portal.parking``) and everything else asks to sign in.
"""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from portal.parking import page_of

BEGAN, SEEN = "session_began", "session_seen"
PRECISION = 60  # seconds: who was seen is written down no more often
POLLING = "X-Polling"  # the header of requests that nobody made by hand


def begin(sender, request, **kwargs):
    """Signed in: from now on the time is taken."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def idle_minutes(user):
    """After how many minutes without activity ``user`` is signed out: the strictest place says."""
    stricter = (place.organization.idle_minutes for place in user.places)
    return min([settings.SESSION_IDLE_MINUTES, *filter(None, stricter)])


def left(session, minutes):
    """Seconds until this session ends (without activity, in any case); negative: it has ended.

    ``minutes`` are those that it may be without activity.
    """
    moment = time.time()
    idle = session.get(SEEN, moment) + minutes * 60 - moment
    return idle, session.get(BEGAN, moment) + settings.SESSION_HOURS * 3600 - moment


class SessionEndMiddleware:
    """Ends what is over, tells why on the sign-in page, and notes who was there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if SESSION_KEY in request.session and request.user.is_authenticated:
            self._look_at(request, idle_minutes(request.user))
        response = self.get_response(request)
        if not request.user.is_authenticated and "HX-Request" in request.headers:
            return _for_htmx(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if words := getattr(request, "session_ended", ""):
            messages.info(request, words)

    def _look_at(self, request, minutes):
        idle, in_all = left(request.session, minutes)
        if in_all < 0:
            return _end(request, _after_hours())
        if idle < -PRECISION:
            return _end(request, _after_minutes(minutes))
        if POLLING not in request.headers:
            _note(request.session)
        # What the page tells its script: the seconds without activity, and the end in any case.
        ends = request.session.get(BEGAN, 0) + settings.SESSION_HOURS * 3600
        request.session_end = int(minutes * 60), ends


@require_POST
@login_not_required
def stay(request):
    """*Stay signed in*: how many seconds are left now; none for whoever is signed out."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0})
    request.session[SEEN] = int(time.time())
    return JsonResponse({"seconds": int(min(left(request.session, idle_minutes(request.user))))})


def _note(session):
    moment = int(time.time())
    session.setdefault(BEGAN, moment)
    if moment - session.get(SEEN, 0) >= PRECISION:
        session[SEEN] = moment


def _end(request, words):
    request.session_ended = words
    logout(request)


def _for_htmx(request, response):
    """The sign-in page belongs into the whole window; what somebody is typing stays there."""
    login = resolve_url(settings.LOGIN_URL)
    if response.status_code != 302 or not response["Location"].startswith(login):
        return response
    if request.method == "POST":
        return HttpResponse(status=401)
    return HttpResponseClientRedirect(f"{login}?{urlencode({'next': page_of(request) or '/'})}")


def _after_minutes(minutes):
    words = ngettext(
        "Your session ended after one minute without activity.",
        "Your session ended after %(minutes)s minutes without activity.",
        minutes,
    )
    return words % {"minutes": minutes}


def _after_hours():
    hours = settings.SESSION_HOURS
    words = ngettext(
        "Your session ended after one hour.", "Your session ended after %(hours)s hours.", hours
    )
    return words % {"hours": hours}
