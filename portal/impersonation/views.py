from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.impersonation import services


@require_POST
def end(request):
    """*End* in the bar above every page; back to the person it was about."""
    ended = services.end_current(request)
    if ended is None:
        return redirect("home")
    messages.success(request, _("You see your own pages again."))
    if request.user.has_perm("accounts.view_user"):
        return redirect("admin:accounts_user_change", ended.person_id)
    return redirect("admin:index")
