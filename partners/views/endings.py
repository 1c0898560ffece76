"""The end of a partnership from the reseller's side: the mirror of *Remove partnership*."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import services
from partners.consequences import Consequences
from partners.forms.endings import EndingForm
from partners.models import Partnership
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to, reverse

ENDED = "partners:provider_ended"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.END_PARTNERSHIP)
def partnership_end(request, pk):
    """*End partnership*: what stays, then the statement, then the end."""
    partnership = _partnership(request, pk)
    if partnership.status == Partnership.Status.REMOVED:
        return _ended_already(request, partnership)
    form = EndingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _end(request, partnership, form)
        except InvalidTransition:  # the provider was faster
            return _ended_already(request, _partnership(request, pk))
    stays = Consequences(partnership, request.membership)
    context = {"form": form, "partnership": partnership, "stays": stays}
    return render_form(request, "partners/partnership_end.html", context)


@require_safe
@requires(Permission.VIEW_PROVIDERS)
def provider_ended(request, pk):
    """A partnership that has ended: what stays, and *Undo* for a while."""
    partnership = _partnership(request, pk)
    if partnership.status == Partnership.Status.ACTIVE:
        return redirect_to(request, "partners:provider_list")
    context = {
        "partnership": partnership,
        "how": partnership.ending_for(request.membership),
        "is_ours": partnership.removed_for_id == request.membership.organization_id,
        "why_no_undo": services.why_no_undo(partnership, request.membership),
        "stays": Consequences(partnership, request.membership),
    }
    return render(request, "partners/provider_ended.html", context)


@require_POST
@requires(Permission.END_PARTNERSHIP)
def provider_undo(request, pk):
    """*Undo*: for a while, and as long as nobody has acted on the end."""
    partnership = _partnership(request, pk)
    try:
        services.restore_partnership(partnership, actor=request.membership)
    except services.UndoRefused as refusal:
        messages.warning(request, refusal.reason)
        return redirect_to(request, ENDED, pk)
    words = _("The partnership with %(name)s is active again, and everything is as it was.")
    messages.success(request, words % {"name": partnership.provider})
    return redirect_to(request, "partners:provider_list")


def _end(request, partnership, form):
    ended = services.remove_partnership(partnership, actor=request.membership, **form.confirmation)
    words = _("The partnership with %(name)s has ended.") % {"name": partnership.provider}
    until = date_format(localtime(ended.undo_until), "TIME_FORMAT")
    link = _("What stays, and Undo until %(until)s") % {"until": until}
    url = reverse(ENDED, partnership.provider_id, organization=request.membership.organization)
    messages.success(request, format_html('{} <a href="{}">{}</a>', words, url, link))
    return redirect_to(request, "partners:provider_list")


def _ended_already(request, partnership):
    messages.info(request, partnership.ending_for(request.membership))
    return redirect_to(request, ENDED, partnership.provider_id)


def _partnership(request, provider):
    """The latest partnership with this provider, or 404."""
    partnerships = Partnership.objects.visible_to(request.membership)
    partnership = partnerships.latest_with(provider)
    if partnership is None:
        raise Http404
    return partnership
