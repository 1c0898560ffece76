"""A user's temporary password: reset, and shown once."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import services
from customers.places import place_of
from customers.user_passwords import allow_user_password, may_reveal, shown
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.lifecycle import InvalidTransition
from portal.staff.forms import ResetForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RESET_USER_PASSWORD)
@reauthenticated
def user_reset(request, person, pk=None):
    """*Reset password*: the new one is then shown once, to whoever asked for it."""
    place = place_of(request.membership, pk)
    found = _person(place, person)
    services.check_may_touch(request.membership, roles=found.membership.roles)
    obstacle = services.why_no_reset_of(found)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if obstacle or not form.is_valid():
        context = {"place": place, "person": found, "obstacle": obstacle, "form": form}
        status = 200 if request.method != "POST" else 422
        return render(request, "customers/user_reset.html", context, status=status)
    services.reset_user_password(found, actor=request.membership, **form.cleaned_data)
    allow_user_password(request, found)
    messages.success(request, _("The old password of %s no longer works.") % found)
    return HttpResponseRedirect(place.url("customers", "user_password", found.pk))


@require_safe
@requires(Permission.RESET_USER_PASSWORD)
def user_password(request, person, pk=None):
    """Whether the temporary password can be shown to this visitor, once."""
    place = place_of(request.membership, pk)
    found = _person(place, person)
    return _show(request, place, found, _state(request, place, found))


@require_POST
@requires(Permission.RESET_USER_PASSWORD)
@sensitive_variables("secret")
def user_password_reveal(request, person, pk=None):
    """Show the temporary password: once, to whom it belongs; everybody else sees how it stands."""
    place = place_of(request.membership, pk)
    found = _person(place, person)
    if may_reveal(request, found) and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        try:
            secret = services.reveal_user_password(found, actor=request.membership)
            return _show(request, place, found, shown(secret))
        except (InvalidTransition, services.Refused):
            found.refresh_from_db()  # shown in the meantime
    return _show(request, place, found, _state(request, place, found))


def _person(place, pk):
    people = place.people.active().with_account().select_related("password_for")
    return get_object_or_404(people, pk=pk)


def _state(request, place, person):
    """``ready`` (to be shown to this visitor, once), ``other`` (a colleague's) or ``closed``."""
    state = "ready" if may_reveal(request, person) else "closed"
    return {
        "state": "other" if person.password_for_id not in (None, request.user.pk) else state,
        "waits": person.password_for_id is not None,
        "reveal_url": place.url("customers", "user_password_reveal", person.pk),
        "reset_url": place.url("customers", "user_reset", person.pk),
        "csrf_token": get_token(request),
    }


def _show(request, place, person, setup):
    """The region or the page, which no cache may keep."""
    response = render_page(
        request,
        "customers/user_password.html",
        {"place": place, "person": person, "setup": setup},
        partial="components/temporary_password.html",
    )
    response["Cache-Control"] = "no-store"
    return response
