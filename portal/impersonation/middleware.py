"""While an operator sees the portal as somebody else, the request is that person's.

Only the front page and organizations' pages are: Django admin, sign-in settings, preferences and
links stay the operator's own. What is checked of a session, its second factor above all, was
checked of the operator before; what is written down says both names. What another tab sends from
a page of somebody else's, the operator's own included, is refused (``portal.seen_as``).
"""

from zoneinfo import ZoneInfo

from django.shortcuts import render
from django.utils import timezone

from portal import parking, seen_as
from portal.accounts.middleware import SAFE_METHODS
from portal.accounts.roles import NEVER_AS_SOMEBODY_ELSE
from portal.audit.origin import coming_from
from portal.impersonation import limits, services


class ViewAsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.viewing = self._viewing(request)
        if request.viewing is None:
            return self._answer(request)
        operator = request.operator = request.user
        try:
            _become(request, request.viewing.person)
            zone = ZoneInfo(request.user.time_zone)
            with (
                coming_from(operator_id=operator.pk),
                timezone.override(zone),
                seen_as.drawn_for(request.user),
            ):
                return self._answer(request)
        finally:
            _become(request, operator)

    def process_view(self, request, view, args, kwargs):
        if request.viewing and limits.is_closed(request.resolver_match.view_name):
            return _refuse(request, "closed")

    def _viewing(self, request):
        if services.KEY not in request.session or not _is_about_somebody(request.path_info):
            return None
        if not request.user.is_authenticated:
            return None
        viewing = services.current(request)
        if viewing is None:
            services.end_current(request)
        return viewing

    def _answer(self, request):
        if _is_for_another(request):
            return _refuse(request, "another", kept=parking.park_form(request))
        if request.viewing and _acts(request) and not request.viewing.may_write:
            return _refuse(request, "looking")
        return self.get_response(request)


def _acts(request):
    return request.method not in SAFE_METHODS


def _is_about_somebody(path):
    return path == "/" or path.startswith("/o/")


def _is_for_another(request):
    """Whether it comes from a page that was drawn as somebody else than the request acts as.

    Opening an address comes from no page. What htmx asks for becomes part of one.
    """
    if not (request.user.is_authenticated and _is_about_somebody(request.path_info)):
        return False
    is_part = request.htmx and not request.htmx.history_restore_request
    named = {request.headers.get(seen_as.HEADER, "")} if is_part else set()
    if _acts(request):
        named.add(seen_as.sent_as(request))
    return bool(named - {seen_as.drawn_as()})


def _become(request, user):
    async def auser():
        return user

    request.user, request.auser = user, auser
    if user is request.viewing.person:
        for place in user.places:
            place.permissions = place.permissions - NEVER_AS_SOMEBODY_ELSE


def _refuse(request, why, *, kept=False):
    """The page itself is ``closed``, the operator is only ``looking``, or it was of ``another``."""
    person = request.viewing and request.viewing.person
    context = {"why": why, "person": person, "kept": kept}
    return render(request, "impersonation/refused.html", context, status=403)
