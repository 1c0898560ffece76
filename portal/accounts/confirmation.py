"""Before sensitive actions people confirm that it is still them who sits there."""

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal import parking


def is_confirmed(request):
    """Whether this session signed in, or confirmed it, no longer ago than the limit says."""
    person = getattr(request, "operator", None) or request.user  # an operator stays who they are
    if not person.is_authenticated:
        return False
    records = get_authentication_records(request, person)
    latest = max((record["at"] for record in records), default=0)
    return time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT


def ask(request, *, gives_file=False):
    """Lead to the page that asks for the password or second factor, and from there back again.

    Nothing that was sent happens; what was typed is parked, and is shown filled in afterwards.
    ``gives_file``: back to the page with the link, since a browser shows nothing after a file.
    """
    page = parking.page_of(request)
    if request.method == "POST":
        parking.park_own(request)
        messages.info(request, _("Nothing was done yet: confirm first that it is you."))
    elif gives_file and page:
        messages.info(request, _("Confirm that it is you, then export once more."))
    target = page if page and (gives_file or request.htmx) else request.get_full_path()
    url = f"{reverse('account_reauthenticate')}?{urlencode({'next': target})}"
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)
