from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from subscriptions.home import home_of


@require_safe
@requires(Permission.VIEW_HOME)
def home(request):
    """*Home*: every line leads somewhere."""
    kind = request.membership.organization.kind
    return render(request, f"subscriptions/home_{kind}.html", home_of(request.membership))
