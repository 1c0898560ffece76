"""While an operator sees the portal as somebody else, the request is that person's.

Only the front page and organizations' pages are: Django admin, sign-in settings, preferences and
links stay the operator's own. What is checked of a session, its second factor above all, was
checked of the operator before; what is written down says both names.
"""

from zoneinfo import ZoneInfo

from django.shortcuts import render
from django.utils import timezone

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
            return self.get_response(request)
        operator = request.operator = request.user
        try:
            _become(request, request.viewing.person)
            zone = ZoneInfo(request.user.time_zone)
            with coming_from(operator_id=operator.pk), timezone.override(zone):
                return self._answer(request)
        finally:
            _become(request, operator)

    def process_view(self, request, view, args, kwargs):
        if request.viewing and limits.is_closed(request.resolver_match.view_name):
            return _refuse(request, closed=True)

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
        if request.method not in SAFE_METHODS and not request.viewing.may_write:
            return _refuse(request, closed=False)
        return self.get_response(request)


def _is_about_somebody(path):
    return path == "/" or path.startswith("/o/")


def _become(request, user):
    async def auser():
        return user

    request.user, request.auser = user, auser
    if user is request.viewing.person:
        for place in user.places:
            place.permissions = place.permissions - NEVER_AS_SOMEBODY_ELSE


def _refuse(request, *, closed):
    """Either the page is nobody else's, or it would change something."""
    context = {"closed": closed, "person": request.viewing.person}
    return render(request, "impersonation/refused.html", context, status=403)
