from django.contrib import admin

from portal.audit.models import AuditEntry, AuditLink
from portal.operators import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Operators read the record; nobody writes it by hand."""

    list_display = ["at", "organization", "actor", "action", "target_type", "target_id"]
    list_filter = ["action"]
    search_fields = ["target_id", "organization__name"]
    list_select_related = ["organization", "actor"]
    date_hierarchy = "at"


@admin.register(AuditLink)
class AuditLinkAdmin(ReadOnlyAdmin):
    list_display = ["organization", "number", "entry_id"]
    fields = ["organization", "number", "entry_id"]
    list_select_related = ["organization"]
