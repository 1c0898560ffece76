from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_page
from portal.links import redirect_back, redirect_to
from portal.lists import Page
from portal.outbox import services
from portal.outbox.forms import OutboxMessageFilter
from portal.outbox.models import OutboxMessage
from portal.outbox.tables import OutboxMessageTable


@require_safe
@requires(Permission.VIEW_DELIVERIES)
def message_list(request):
    """What the portal does on the organization's behalf in the background, newest first."""
    filters = OutboxMessageFilter(request.GET)
    deliveries = OutboxMessage.objects.visible_to(request.membership).for_list()
    page = Page(request, OutboxMessageTable, filters.apply(deliveries))
    context = {
        "page": page,
        "filters": filters,
        "row_template": "outbox/message_rows.html",
        "caption": _("Deliveries"),
        "empty": {"heading": _("Nothing was sent or set up yet")},
    }
    return render_page(
        request, "outbox/message_list.html", context, partial="components/table_region.html"
    )


@require_safe
@requires(Permission.RETRY_DELIVERY)
def message_confirm(request, pk):
    """What trying again may mean where nobody knows whether the mail has arrived."""
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.membership), pk=pk)
    context = {"message": message, "next": request.GET.get("next", "")}
    return render(request, "outbox/message_confirm.html", context)


@require_POST
@requires(Permission.RETRY_DELIVERY)
def message_retry(request, pk):
    """*Try again*: returns to the page it was asked on; what may arrive twice is confirmed."""
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.membership), pk=pk)
    if message.status == OutboxMessage.Status.UNCERTAIN and "sure" not in request.POST:
        next_url = request.POST.get("next", "")
        return redirect_to(request, "outbox:message_confirm", message.pk, next=next_url)
    if services.retry(message, actor=request.membership):
        messages.success(request, _("“%s” is being tried again.") % message.subject)
    else:
        messages.info(request, _("“%s” needs no further attempt.") % message.subject)
    return redirect_back(request, "outbox:message_list")
