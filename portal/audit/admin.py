from django.contrib import admin
from django.utils.translation import gettext_lazy

from portal.audit.actions import ACTIONS
from portal.audit.forms import called
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

    list_display = [
        "at",
        "organization",
        "customer",
        "actor",
        "acting_for",
        "operator",
        "action",
        "target_type",
        "target_id",
        "reference",
        "ip",
        "request_reference",
    ]
    list_filter = ["at", ActionFilter]
    search_fields = ["target_id__exact", "organization__name", "actor__username"]
    search_help_text = gettext_lazy(
        "An entry's id, a reference such as C-7K3QX2, that of a request, "
        "an organization or an account name"
    )
    list_select_related = ["organization", "customer", "actor", "acting_for", "operator"]

    def get_search_results(self, request, queryset, search_term):
        """What people tell, if it is the reference of something; else names."""
        found = queryset.filter(called(search_term.strip())) if search_term.strip() else None
        if found is not None and found.exists():
            return found, False
        return super().get_search_results(request, queryset, search_term)


@admin.register(AuditLink)
class AuditLinkAdmin(ReadOnlyAdmin):
    list_display = ["organization", "number", "entry_id"]
    fields = ["organization", "number", "entry_id"]
    search_fields = ["organization__name"]
    list_select_related = ["organization"]
