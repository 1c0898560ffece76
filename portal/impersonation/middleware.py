"""While an operator sees the portal as somebody else, the request is that person's.

Only the front page and organizations' pages are: Django admin, sign-in settings, preferences and
links stay the operator's own. What is checked of a session, its second factor above all, was
checked of the operator before; what is written down says both names.
"""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts.middleware import SAFE_METHODS
from portal.accounts.roles import NEVER_AS_SOMEBODY_ELSE
from portal.audit.origin import coming_from
from portal.impersonation import limits, services


class ViewAsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        looked = services.KEY in request.session
        request.viewing = self._viewing(request)
        if request.viewing is None:
            is_over = looked and services.KEY not in request.session
            return _stop(request) if is_over and _acts(request) else self.get_response(request)
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
        if _acts(request) and not request.viewing.may_write:
            return _refuse(request, closed=False)
        return self.get_response(request)


def _acts(request):
    return request.method not in SAFE_METHODS


def _is_about_somebody(path):
    return path == "/" or path.startswith("/o/")


def _become(request, user):
    async def auser():
        return user

    request.user, request.auser = user, auser
    if user is request.viewing.person:
        for place in user.places:
            place.permissions = place.permissions - NEVER_AS_SOMEBODY_ELSE


def _stop(request):
    """The page was somebody else's: what is sent from it is not done in the operator's own name."""
    messages.info(request, _("You see your own pages again."))
    home = reverse("home")
    return HttpResponseClientRedirect(home) if request.htmx else HttpResponseRedirect(home)


def _refuse(request, *, closed):
    """Either the page is nobody else's, or it would change something."""
    context = {"closed": closed, "person": request.viewing.person}
    return render(request, "impersonation/refused.html", context, status=403)
