import re
from zoneinfo import ZoneInfo

from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal import parking
from portal.accounts import second_factor, suspension
from portal.audit.origin import coming_from
from portal.conflicts import conflict
from portal.scope import OPERATOR, acting

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
ORGANIZATION_PATH = re.compile(r"/o/([-a-zA-Z0-9_]+)/")
OPERATOR_PATH = "/admin/"
# Where somebody may go who must first choose a password or set up a second factor.
ALWAYS_OPEN = ("/accounts/", "/static/", "/preferences/", "/healthz", "/readyz")
STILL_HOLDS = """
    select roles, deactivated_at, is_active, session_epoch
    from accounts_membership join accounts_user on accounts_user.id = user_id
    where accounts_membership.id = %s for share
"""


class PreferencesMiddleware:
    """Times in the visitor's zone; light or dark as they chose."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        theme = request.COOKIES.get("theme", "")
        request.theme = theme if theme in {"light", "dark"} else ""
        zone = request.user.time_zone if request.user.is_authenticated else "Europe/Berlin"
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


class FirstPasswordMiddleware:
    """Whoever signed in with a temporary password chooses their own before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        waiting = request.user.is_authenticated and request.user.must_change_password
        if waiting and not request.path_info.startswith(ALWAYS_OPEN):
            return redirect("first_password")
        return self.get_response(request)


class MultiFactorMiddleware:
    """Whoever needs a second factor does nothing before this session has shown one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(ALWAYS_OPEN):
            return self.get_response(request)
        if second_factor.is_required_of(request.user) and not second_factor.was_given(request):
            return self._ask(request)
        if request.session.get(second_factor.HEADING_FOR) == request.path:
            del request.session[second_factor.HEADING_FOR]
        return self.get_response(request)

    def _ask(self, request):
        """Lead there, and back to the page that sent this: what was typed on it is kept."""
        heading_for = request.path
        if request.htmx or request.method not in SAFE_METHODS:
            parking.park_form(request)
            heading_for = parking.page_of(request).partition("?")[0] or heading_for
        request.session[second_factor.HEADING_FOR] = heading_for
        page = reverse(second_factor.page_for(request.user))
        url = f"{page}?{urlencode({'next': heading_for})}"
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


class OrganizationMiddleware:
    """Turns ``/o/<slug>/`` into ``request.membership`` and the database scope that goes with it.

    Strangers get 404. The scope spans the view and the rendering of its template; reading
    requests can't write, and whatever was refused or failed is rolled back. So is what somebody
    wrote whose roles or sign-in ended while they did.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.membership = None
        actor = self._actor(request)
        if actor is None:
            return self.get_response(request)
        try:
            return self._act(request, actor)
        except DatabaseError as error:  # at the very end, behind all views
            response = conflict(request, error)
            if response is None:
                raise
            return response

    def _act(self, request, actor):
        changes = {"operator_id": request.user.pk} if actor == OPERATOR else {}
        with coming_from(**changes), acting(actor, read_only=request.method in SAFE_METHODS):
            response = self._answer(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif request.membership and request.method not in SAFE_METHODS:
                _check_still_holds(request)
            return response

    def _answer(self, request):
        is_member = request.membership is not None and request.method not in SAFE_METHODS
        if is_member and request.membership.organization.is_suspended:
            return suspension.refusal(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        kwargs.pop("organization", None)

    def _actor(self, request):
        if not request.user.is_authenticated:
            return None  # LoginRequiredMiddleware asks them to sign in
        if request.path_info.startswith(OPERATOR_PATH):
            return OPERATOR if request.user.is_staff else None
        found = ORGANIZATION_PATH.match(request.path_info)
        if not found:
            return None
        request.membership = request.user.membership_in(found[1])
        if request.membership is None:
            raise Http404
        return request.membership.actor


class RightsEnded(PermissionDenied):
    """Somebody's roles, place or sign-in were taken away while their request was under way."""

    @property
    def reason(self):
        return _(
            "Your rights were changed while you did this, so nothing was done. "
            "Sign in again to see what you can do now."
        )


def _check_still_holds(request):
    """Roll back and refuse unless the acting membership is what the request took it for.

    It is held until the commit, as the last row of all: whoever takes rights away comes before
    the request or after it, never in between. Raises RightsEnded.
    """
    believed, user = request.membership, request.membership.user
    expected = (believed.roles, believed.deactivated_at, user.is_active, user.session_epoch)
    with connection.cursor() as cursor:
        cursor.execute(STILL_HOLDS, [believed.pk])
        if cursor.fetchone() == expected:
            return
    request._messages = default_storage(request)  # forget what the view said it had done
    request.membership = None
    raise RightsEnded
