from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.audit.forms import AuditEntryFilter
from portal.audit.models import AuditEntry
from portal.audit.tables import AuditEntryTable
from portal.htmx import render_page
from portal.lists import Page
from portal.savedviews.shown import saves_views


@require_safe
@requires(Permission.VIEW_ACTIVITY)
@saves_views("activity")
def entry_list(request):
    """Everything that happened to the organization's rows, newest first."""
    filters = AuditEntryFilter(request.GET)
    entries = AuditEntry.objects.visible_to(request.membership).with_actors()
    page = Page(request, AuditEntryTable, filters.apply(entries))
    context = {
        "page": page,
        "filters": filters,
        "row_template": "audit/entry_rows.html",
        "caption": _("Activity log"),
        "empty": {"heading": _("Nothing has happened yet")},
    }
    return render_page(
        request, "audit/entry_list.html", context, partial="components/table_region.html"
    )
