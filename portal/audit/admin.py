from django.contrib import admin
from django.utils.translation import gettext_lazy

from portal.audit.actions import ACTIONS
from portal.audit.models import AuditEntry, AuditLink
from portal.operators import ReadOnlyAdmin


class ActionFilter(admin.SimpleListFilter):
    """By what was done; the actions are known, so no row needs to be asked for them."""

    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return ACTIONS.items()

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Operators read the record; nobody writes it by hand."""

    list_display = ["at", "organization", "actor", "action", "target_type", "target_id"]
    list_filter = ["at", ActionFilter]
    search_fields = ["target_id__exact", "organization__name", "actor__username"]
    list_select_related = ["organization", "actor"]


@admin.register(AuditLink)
class AuditLinkAdmin(ReadOnlyAdmin):
    list_display = ["organization", "number", "entry_id"]
    fields = ["organization", "number", "entry_id"]
    search_fields = ["organization__name"]
    list_select_related = ["organization"]
