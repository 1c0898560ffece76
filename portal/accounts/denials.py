"""Who tried to open what they may not: noted after the refusal, which undoes all that it wrote."""

import logging

from django.urls import Resolver404, resolve

from portal.accounts.decorators import Forbidden
from portal.accounts.middleware import ORGANIZATION_PATH
from portal.audit.services import record
from portal.scope import acting
from portal.throttle import is_too_often

logger = logging.getLogger(__name__)

ACTION = "access.denied"
AGAIN_AFTER = 60  # seconds, for the same person and page: nobody can flood the log


class DenialMiddleware:
    """Outside the scope of the request: a colleague's 403 and a stranger's 404 are recorded.

    Whatever goes wrong with that, the answer stays what it is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in (403, 404):
            try:
                _note(request)
            except Exception:
                logger.exception("A denied attempt could not be recorded")
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, Forbidden):
            request.denied = exception.permission


def _note(request):
    membership, permission = getattr(request, "membership", None), getattr(request, "denied", None)
    if membership and permission:
        _record(request, [membership], permission=str(permission))
    elif _is_stranger(request, membership):
        _record(request, request.user.places, elsewhere=True)


def _is_stranger(request, membership):
    """Whether a signed-in person asked for an organization that is not theirs, or is none.

    Both are noted alike: one's own log must not tell which organizations exist.
    """
    signed_in = getattr(request, "user", None) and request.user.is_authenticated
    return signed_in and not membership and ORGANIZATION_PATH.match(request.path_info)


def _record(request, places, **details):
    page = _page(request)
    if not page or is_too_often(f"{ACTION}:{request.user.pk}:{page}", most=1, seconds=AGAIN_AFTER):
        return
    facts = {"page": page, "method": request.method, **details}
    for place in places:
        with acting(place.actor):
            record(ACTION, actor=place, target=place.organization, **facts)


def _page(request):
    """The name of the page's address, or None where there is no such page."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return None
