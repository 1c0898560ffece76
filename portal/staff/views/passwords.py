"""A colleague's temporary password: reset, and shown once."""

from django.contrib import messages
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.htmx import render_form, render_page
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to, reverse
from portal.shown_once import allow, is_allowed, panel
from portal.staff.forms import ResetForm
from portal.staff.models import Handout
from portal.staff.rules import check_may_touch
from portal.staff.services import passwords

SESSION_KEY = "staff_passwords"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_STAFF)
@reauthenticated
def member_reset(request, pk):
    """*Reset password*: the new one is then shown once, to whoever asked for it."""
    membership = _find(request, pk)
    form = ResetForm(request.POST if request.method == "POST" else None)
    obstacle = passwords.why_no_reset(membership, request.membership)
    if form.is_valid() and not obstacle:
        passwords.reset_password(membership, actor=request.membership, **form.cleaned_data)
        allow(request, SESSION_KEY, membership.pk)
        words = _("The old password of %s no longer works.")
        messages.success(request, words % membership.user)
        return redirect_to(request, "staff:member_password", membership.pk)
    context = {"member": membership, "form": form, "obstacle": obstacle}
    return render_form(request, "staff/member_reset.html", context)


@require_safe
@requires(Permission.MANAGE_STAFF)
def member_password(request, pk):
    """Whether the temporary password can be shown to this visitor, once."""
    membership = _find(request, pk)
    return _show(request, membership, _state(request, membership))


@require_POST
@requires(Permission.MANAGE_STAFF)
@sensitive_variables("secret")
def member_password_reveal(request, pk):
    """Show the temporary password: once, to whom it belongs; everybody else sees how it stands."""
    membership = _find(request, pk)
    if _may_reveal(request, membership) and "prefetch" not in request.headers.get(
        "Sec-Purpose", ""
    ):
        try:
            secret = passwords.reveal_password(membership, actor=request.membership)
        except InvalidTransition:
            pass  # shown in the meantime
        else:
            user = secret.membership.user
            drawn = panel(user.username, secret.password, secret.until, user.language)
            return _show(request, membership, drawn)
    return _show(request, membership, _state(request, membership))


def _find(request, pk):
    """A colleague whom this visitor may look after; one who may do more is refused by name."""
    places = request.membership.organization.memberships.select_related("user", "organization")
    membership = get_object_or_404(places, pk=pk)
    check_may_touch(request.membership, membership)
    return membership


def _handout(request, membership):
    mine = Handout.objects.visible_to(request.membership)
    return mine.filter(membership=membership).first()


def _may_reveal(request, membership):
    """Whether this visitor asked for the password, in this very session."""
    handout = _handout(request, membership)
    asked = handout is not None and handout.shown_to_id == request.user.pk
    return asked and is_allowed(request, SESSION_KEY, membership.pk)


def _state(request, membership):
    """``ready`` (to be shown to this visitor, once), ``other`` (a colleague's) or ``closed``."""
    handout, organization = _handout(request, membership), membership.organization
    state = "ready" if _may_reveal(request, membership) else "closed"
    return {
        "state": "other" if handout and handout.shown_to_id != request.user.pk else state,
        "waits": handout is not None,
        "reveal_url": reverse(
            "staff:member_password_reveal", membership.pk, organization=organization
        ),
        "reset_url": reverse("staff:member_reset", membership.pk, organization=organization),
        "csrf_token": get_token(request),
    }


def _show(request, membership, setup):
    """The region or the page, which no cache may keep."""
    response = render_page(
        request,
        "staff/member_password.html",
        {"member": membership, "setup": setup},
        partial="components/temporary_password.html",
    )
    response["Cache-Control"] = "no-store"
    return response
