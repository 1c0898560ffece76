from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.accounts.services import hide_first_steps
from portal.links import redirect_to
from subscriptions.home import home_of


@require_safe
@requires(Permission.VIEW_HOME)
def home(request):
    """*Home*: every line leads somewhere; with ``?by=me`` to what the person began alone."""
    kind, own = request.membership.organization.kind, request.GET.get("by") == "me"
    context = home_of(request.membership, own=own)
    return render(request, f"subscriptions/home_{kind}.html", context)


@require_POST
@requires(Permission.VIEW_HOME)
def first_steps(request):
    """Leave *Get started* out of one's own Home, or show it again."""
    hide_first_steps(request.membership, hide=request.POST.get("hide") == "yes")
    return redirect_to(request, "subscriptions:home")
