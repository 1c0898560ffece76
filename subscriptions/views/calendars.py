"""*Calendar of renewals*: a person's private address, and what calendars read there."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.decorators import requires
from portal.accounts.models import Membership
from portal.accounts.roles import Permission
from portal.confidential import confidential
from portal.links import public_url, redirect_to
from portal.scope import GUEST, acting
from portal.throttle import is_too_often
from subscriptions import services
from subscriptions.calendar import renewals_calendar
from subscriptions.models import CalendarFeed

PAGE = "subscriptions/calendar.html"
AN_HOUR = 60  # readings of one address; calendars ask every few minutes at most


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_SUBSCRIPTIONS)
@confidential
def subscription_calendar(request):
    """Whether there is an address; POST makes one and shows it, this once."""
    context = {}
    if request.method == "POST":
        token = services.open_feed(actor=request.membership)
        address = public_url(reverse("calendar_feed", args=[token]))
        fields = [{"label": _("Address of the calendar"), "value": address, "id": "address"}]
        context = {"fields": fields}
    feed = CalendarFeed.objects.visible_to(request.membership).first()
    return render(request, PAGE, {"feed": feed, **context})


@require_POST
@requires(Permission.VIEW_SUBSCRIPTIONS)
def calendar_end(request):
    """*Switch off*: the address leads nowhere from now on."""
    services.close_feed(actor=request.membership)
    messages.success(request, _("The calendar's address no longer works."))
    return redirect_to(request, "subscriptions:subscription_calendar")


@require_safe
@login_not_required
@confidential
def calendar_feed(request, token):
    """The calendar itself, for whoever holds the secret: no session, no cookie.

    It ends where the person's place in the organization does, whatever the address says.
    """
    key = f"calendar:{CalendarFeed.digest(token)}"
    if is_too_often(key, most=AN_HOUR, seconds=3600):
        return ratelimit.respond_429(request)
    membership = _membership(token)
    if membership is None:
        raise Http404
    with acting(membership.actor, read_only=True), override(membership.user.language):
        content = renewals_calendar(membership)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="renewals.ics"'
    return response


def _membership(token):
    """The place of the person whose address this is, as it is today, or None."""
    with acting(GUEST._replace(invitation=CalendarFeed.digest(token)), read_only=True):
        feed = CalendarFeed.objects.for_token(token).first()
    if feed is None:
        return None
    places = Membership.objects.active().select_related("user", "organization")
    place = places.filter(user=feed.user_id, organization=feed.organization_id).first()
    may = place and place.user.may_sign_in and place.can(Permission.VIEW_SUBSCRIPTIONS)
    return place if may else None
