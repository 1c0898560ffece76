"""*Security*: what holds for everybody's sign-in, and who decides it."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts import second_factor
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.models import Membership
from portal.accounts.roles import Permission
from portal.links import redirect_to
from portal.staff.security_form import SecurityForm
from portal.staff.services.security import PolicyChanged, change_policy, fingerprint


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_SECURITY)
def policy(request):
    """What is decided now; whoever may decides anew."""
    return _decide(request) if request.method == "POST" else _show(request, _form(request))


@requires(Permission.MANAGE_SECURITY)
@reauthenticated
def _decide(request):
    form = _form(request, request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    seen = form.cleaned_data["seen"]
    try:
        changed = change_policy(form.policy, actor=request.membership, seen=seen)
    except PolicyChanged:
        return _show(request, _late(request), status=422)
    said = _("The security settings are saved.") if changed else _("Nothing was changed.")
    messages.success(request, said)
    return redirect_to(request, "security:policy")


def _form(request, data=None):
    membership = request.membership
    is_open = membership.can(Permission.MANAGE_SECURITY)
    return SecurityForm(data, organization=membership.organization, is_open=is_open)


def _late(request):
    """The form as it was typed, on top of what a colleague has decided meanwhile."""
    now = Membership.objects.select_related("organization").get(pk=request.membership.pk)
    typed = request.POST.copy()
    typed["seen"] = fingerprint(now.organization)
    late = _form(request, typed)
    late.add_error(
        None,
        _("A colleague has changed these settings meanwhile. Save again if yours should count."),
    )
    return late


def _show(request, form, status=200):
    organization = request.membership.organization
    active = Membership.objects.visible_to(request.membership).active()
    context = {
        "form": form,
        "may_decide": request.membership.can(Permission.MANAGE_SECURITY),
        "portal_requires": second_factor.is_required_by_portal(organization),
        "without_factor": active.exclude(second_factor.held_by("user")).count(),
    }
    return render(request, "staff/security.html", context, status=status)
