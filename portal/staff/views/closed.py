"""How the link of an Invitation stands, and the page of one that can't be accepted."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.links import reverse
from portal.navigation import HOME
from portal.staff.models import Invitation

UNKNOWN, VOID, RESTS = "unknown", "void", "rests"
OPEN, ACCEPTED, EXPIRED = Invitation.Status.SENT, Invitation.Status.ACCEPTED, "expired"


def state_of(invitation, stands):
    """What a page about it says: ``OPEN`` for one that can be accepted right now.

    ``stands``, called with it, tells whether whoever invited still may.
    """
    if invitation is None:
        return UNKNOWN
    if invitation.is_answerable and invitation.organization.is_suspended:
        return RESTS
    if invitation.is_answerable and not stands(invitation):
        return VOID
    return invitation.state


def closed_page(request, invitation, state, *, new_link):
    """404 when nobody knows the link, else 410 and why.

    ``new_link`` names the page where another one is asked for.
    """
    home = _home_of(request.user, invitation)
    if request.method == "POST" and home and state == ACCEPTED:
        return HttpResponseRedirect(home)  # pressed twice: the first press did it
    context = {"invitation": invitation, "state": state, "home_url": home, "new_link": new_link}
    status = 404 if state == UNKNOWN else 410
    return render(request, "staff/join_closed.html", context, status=status)


def say_asked(request, invitation, *, told):
    """Answer *Ask for a new link*; ``told`` is whether whoever invited learns of it anew."""
    whom = {"name": invitation.invited_by}
    if told:
        messages.success(request, _("%(name)s is told that you ask for a new link.") % whom)
    else:
        messages.info(request, _("%(name)s has been told today already.") % whom)


def _home_of(user, invitation):
    """The address of Home where whoever looks has a place in the organization, else empty."""
    if not (invitation and user.is_authenticated):
        return ""
    place = user.membership_in(invitation.organization.slug)
    return reverse(HOME, organization=place.organization) if place else ""
