import logging

from django.conf import settings
from django.contrib import messages
from django.db import DataError
from django.shortcuts import redirect
from django.urls import is_valid_path
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from portal.accounts.middleware import OPERATOR_PATH
from portal.conflicts import conflict

logger = logging.getLogger(__name__)


class SecurityHeadersMiddleware:
    """A strict Content-Security-Policy; no page is anybody else's to keep."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(
            f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items()
        )

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class CookieMiddleware:
    """Refuse cookies with NUL characters: no browser has them, and no database can look them up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if any("\0" in value for value in request.COOKIES.values()):
            return bad_request(request, None)
        return self.get_response(request)


class ButtonAddressMiddleware:
    """Lead a browser that opens the address of a button to the page above it.

    It comes there from a bookmark, or back from signing in after the session ended; a bare 405
    would be a dead end. Programs, which don't ask for HTML by name, still get the 405.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not (_is_button(response) and _is_browser_looking(request)):
            return response
        messages.info(request, _("Nothing was done. Press the button again if you still want it."))
        return redirect(escape_uri_path(_page_above(request.path_info)))


def _is_button(response):
    return response.status_code == 405 and "POST" in response.headers.get("Allow", "")


def _is_browser_looking(request):
    wants_page = "text/html" in request.headers.get("Accept", "")
    return request.method == "GET" and wants_page and not request.htmx


def _page_above(path):
    """The nearest address above ``path`` that leads anywhere; at last the front page."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            break
    return path


class ConflictMiddleware:
    """Answer 409, never 500, when somebody else got there first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return conflict(request, exception)


class OperatorInputMiddleware:
    """Django admin trusts its own lists and links; what it can't make sense of is 400, not 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        senseless = isinstance(exception, ValueError | OverflowError | DataError)
        if not (senseless and request.path_info.startswith(OPERATOR_PATH)):
            return None
        logger.warning("Refused in Django admin", exc_info=exception)
        return bad_request(request, exception)
