from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.audit.actions import ACTIONS
from portal.audit.forms import called
from portal.audit.models import AuditEntry, AuditLink, BrokenChain, Verification
from portal.audit.tasks import promise_verification
from portal.operators import QUEUES, Queue, ReadOnlyAdmin


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
        "reseller",
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
    list_select_related = [
        "organization",
        "customer",
        "reseller",
        "actor",
        "acting_for",
        "operator",
    ]

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


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ["began_at", "broken"]


@admin.register(BrokenChain)
class BrokenChainAdmin(ReadOnlyAdmin):
    """What was found, what to do about it, and *Verify again*."""

    change_form_template = "admin/audit/brokenchain/change_form.html"
    list_display = ["organization", "wrong", "number", "found_at", "verified_at", "mended_at"]
    list_filter = [("mended_at", admin.EmptyFieldListFilter), "wrong"]
    list_select_related = ["organization"]
    search_fields = ["organization__name"]

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.verify))
        ours = path("<int:pk>/verify/", view, name="audit_brokenchain_verify")
        return [ours, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        may = request.user.has_perm("audit.change_brokenchain")
        return super().change_view(request, object_id, form_url, {"may_verify": may})

    def verify(self, request, pk):
        """*Verify again*, in the background."""
        if not request.user.has_perm("audit.change_brokenchain"):
            raise PermissionDenied
        found = get_object_or_404(BrokenChain, pk=pk)
        promise_verification(found)
        self.log_change(request, found, "Verify again")
        words = _("The activity log is being verified. Reload this page in a moment.")
        messages.success(request, words)
        return redirect("admin:audit_brokenchain_change", pk)


QUEUES.append(
    Queue(
        gettext_lazy("Broken activity logs"),
        BrokenChain.objects.unsettled,
        "admin:audit_brokenchain_changelist",
        "mended_at__isempty=1",
        "audit.view_brokenchain",
        gettext_lazy("Look into it"),
    )
)
