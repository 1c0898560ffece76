from contextlib import nullcontext

from allauth.account import views as account_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import services
from portal.accounts.forms import FirstPasswordForm
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.links import reverse, safe_url
from portal.scope import acting

MOST_COUNTED = 10  # organizations of one person; each costs a few queries
ONE_YEAR = 365 * 24 * 60 * 60


@require_safe
@login_not_required
def home(request):
    """The front door: straight into the only organization, or on to a choice."""
    if not request.user.is_authenticated:
        return render(request, "accounts/welcome.html")
    places = request.user.places
    if len(places) == 1 and not places[0].can(Permission.VIEW_HOME):
        return redirect("me")  # without a role, one's own profile is all there is
    if len(places) == 1:
        return redirect(reverse("subscriptions:home", organization=places[0].organization))
    if not places and request.user.is_staff:
        return redirect("admin:index")
    return redirect("organization_list")


@require_safe
def organization_list(request):
    """*Choose an organization*: the person's roles in each, and how much waits there."""
    places = [
        (place, reverse("subscriptions:home", organization=place.organization), waiting)
        for place, waiting in _with_waiting(request.user.places)
    ]
    return render(request, "accounts/organization_list.html", {"places": places})


def _with_waiting(places):
    """(place, what needs attention there as a number) for each; of the first few only."""
    count = import_string(settings.NUMBER_WAITING)
    for at, place in enumerate(places):
        if at < MOST_COUNTED:
            with acting(place.actor, read_only=True):
                yield place, count(place)
        else:
            yield place, 0


@require_safe
def me(request):
    """*My profile*, with what the person can do in each organization."""
    places = [
        (place, reverse("staff:member_rights", place.pk, organization=place.organization))
        for place in request.user.places
    ]
    return render(request, "accounts/me.html", {"places": places})


def email(request):
    """*Email address*: another one replaces it as soon as it is confirmed."""
    services.note_address(request.user)
    return account_views.email(request)


@sensitive_post_parameters()
def first_password(request):
    """The only page of somebody who signed in with a temporary password."""
    user = request.user
    if not user.must_change_password:
        return redirect("home")
    form = FirstPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        _choose(request, form.cleaned_data["new_password1"])
        return redirect("home")
    return render_form(request, "accounts/first_password.html", {"form": form})


def _choose(request, password):
    user = request.user
    with acting(user.places[0].actor) if user.places else nullcontext():
        chosen = services.choose_first_password(user, password)
    if chosen:
        update_session_auth_hash(request, user)
        messages.success(request, _("Your new password is set. The temporary one no longer works."))


@require_POST
@login_not_required
def set_language(request):
    language = request.POST.get("language", "")
    response = _back(request)
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=ONE_YEAR, samesite="Lax"
        )
    return response


@require_POST
@login_not_required
def set_theme(request):
    theme = request.POST.get("theme", "")
    response = _back(request)
    if theme in {"light", "dark"}:
        response.set_cookie("theme", theme, max_age=ONE_YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def _back(request):
    """Return to the page the visitor came from, if it is one of ours."""
    url = safe_url(request, request.POST.get("next", ""))
    return HttpResponseRedirect(url) if url else redirect("home")
