"""*User settings*: which resellers are tenant owner, as the customer gives and revokes it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers import services
from customers.forms.grants import OwnerForm
from customers.models import TenantOwner
from customers.views.partners import names_of_deciders
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to


@require_safe
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def owner_list(request):
    """Who is tenant owner at this moment, and the form for another one."""
    return _page(request, OwnerForm(membership=request.membership))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ANSWER_RELATIONSHIP)
def owner_give(request):
    """*Give tenant owner permissions*; the same ones twice are refused."""
    if request.method != "POST":
        return redirect_to(request, "customers:owner_list")
    form = OwnerForm(request.POST, membership=request.membership)
    if form.is_valid():
        try:
            owner = services.give_ownership(actor=request.membership, **form.given)
            return _given(request, owner)
        except services.OwnerAlready as already:
            form.add_error("who", already.reason)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ANSWER_RELATIONSHIP)
def owner_revoke(request, pk):
    """*Revoke*: looking asks, posting does it. Pressed twice, it is done once."""
    owner = get_object_or_404(_owners(request), pk=pk)
    if not owner.is_in_force:
        return _over(request)
    if request.method != "POST":
        return render(request, "customers/owner_revoke.html", {"owner": owner})
    try:
        services.revoke_ownership(owner, actor=request.membership)
    except InvalidTransition:
        return _over(request)
    words = _("%(name)s is no longer tenant owner.")
    messages.success(request, words % {"name": owner.person or owner.partner})
    return redirect_to(request, "customers:owner_list")


def _owners(request):
    return TenantOwner.objects.visible_to(request.membership).newest()


def _page(request, form):
    context = {
        "form": form,
        "owners": _owners(request).granted(),
        "deciders": names_of_deciders(request.membership),
    }
    return render_form(request, "customers/owner_list.html", context)


def _given(request, owner):
    day = date_format(localtime(owner.ends_at), "DATE_FORMAT")
    words = _("%(name)s is tenant owner until %(day)s.")
    messages.success(request, words % {"name": owner.person or owner.partner, "day": day})
    return redirect_to(request, "customers:owner_list")


def _over(request):
    messages.info(request, _("These tenant owner permissions are over already."))
    return redirect_to(request, "customers:owner_list")
