"""The pages that are shown when something can't be done (ux.md 2.27): what it is, and the way out.

Those for failures on our side are static: they need no database, no session and no context.
"""

import logging
import sys
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localtime, now
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views import defaults
from psycopg import OperationalError

from portal import parking
from portal.accounts.elsewhere import found_elsewhere, reference_in, search_for
from portal.accounts.refusals import refusal
from portal.accounts.roles import NEVER_AS_SOMEBODY_ELSE
from portal.audit.origin import current, new_reference

logger = logging.getLogger(__name__)

COUNTED = 60  # seconds: the longest window among ACCOUNT_RATE_LIMITS as they are here
TRY_AGAIN_AFTER = 30  # seconds: by then a database has usually been started anew
# Connections that were never made, were ended or are too many, as PostgreSQL numbers it.
NOT_THERE = ("08", "53", "57P")


def bad_request(request, exception):
    """400: what came cannot be read; 413: it was too much at once."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("errors/too_large.html"), status=413)
    return defaults.bad_request(request, exception)


def forbidden(request, exception):
    """403: what this page needs, and which colleagues have it."""
    membership = getattr(request, "membership", None)
    permission = getattr(exception, "permission", None)
    context = {"reason": getattr(exception, "reason", ""), "back_url": _way_back(request)}
    if getattr(request, "viewing", None) and permission in NEVER_AS_SOMEBODY_ELSE:
        closed = _("You see this as %(person)s. Staff, passwords and links stay closed to you.")
        context["reason"] = closed % {"person": request.user}
    elif membership and permission:
        page, sentence = request.get_full_path(), getattr(exception, "sentence", "")
        context |= refusal(membership, permission, page=page, sentence=sentence)
    return render(request, "errors/403.html", context, status=403)


def not_found(request, exception):
    """404: in an organization also where the reference in the address can be looked for."""
    membership, context = getattr(request, "membership", None), {}
    reference = membership and reference_in(request.path_info)
    if reference:
        context = {
            "reference": reference,
            "search": search_for(reference, membership),
            "elsewhere": found_elsewhere(request, reference),
        }
    return render(request, "errors/404.html", context, status=404)


def too_many(request):
    """429 with the time of the next try: what allauth counts is forgotten after a minute."""
    retry_at = now() + timedelta(seconds=COUNTED, minutes=1)  # shown without seconds
    page = render(request, "errors/429.html", {"retry_at": localtime(retry_at)}, status=429)
    page["Retry-After"] = COUNTED
    return page


def forged(request, reason=""):
    """403: the form was too old, or was never ours.

    What somebody typed into one of our pages is kept for them and filled in again; what comes from
    anywhere else is not.
    """
    known = getattr(request, "user", None) and request.user.is_authenticated
    kept = bool(known and parking.is_from_here(request) and parking.park_own(request))
    context = {"again_url": request.path} if kept else {}
    return HttpResponse(_static(request, "csrf", context), status=403)


def server_error(request):
    """500 with a reference that is in the log, too; 503 while the database is not there."""
    if _is_away(sys.exc_info()[1]):
        return closed(request, seconds=TRY_AGAIN_AFTER)
    reference, moment = current().reference or new_reference(), now()
    logger.error("Failure %s at %s: the error below", reference, moment.isoformat())
    context = {"reference": reference, "moment": moment, "SUPPORT_EMAIL": settings.SUPPORT_EMAIL}
    if request.method == "GET":
        context["again_url"] = request.get_full_path()
    return HttpResponse(_static(request, "500", context), status=500)


def closed(request, *, seconds, until=None):
    """503: come back after ``seconds``; ``until`` is said in its own time zone."""
    with timezone.override(until and until.tzinfo):
        page = _static(request, "503", {"until": until, "sent": request.method == "POST"})
    return HttpResponse(page, status=503, headers={"Retry-After": seconds})


def _static(request, name, context):
    """A page in the language the browser asks for, whatever has been set up by now."""
    with override(get_language_from_request(request)):
        return render_to_string(f"errors/{name}.html", context)


def _is_away(error):
    """Whether it is the database itself that can't be reached."""
    cause = getattr(error, "__cause__", None)
    if not (isinstance(error, DatabaseError) and isinstance(cause, OperationalError)):
        return False
    return not cause.sqlstate or cause.sqlstate.startswith(NOT_THERE)


def _way_back(request):
    """The page the visitor came from, unless it is the very one that was refused."""
    before = parking.page_of(request)
    return "" if before.partition("?")[0] == request.path else before
