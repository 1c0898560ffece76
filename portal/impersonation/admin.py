from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.decorators import reauthenticated
from portal.accounts.models import User
from portal.forms import CleanTextMixin
from portal.impersonation import services
from portal.impersonation.models import ViewAs
from portal.operators import ReadOnlyAdmin
from portal.parking import ParkingMixin

REASONS = {
    "closed": gettext_lazy("%(name)s can't sign in, so there is nothing to see."),
    "operator": gettext_lazy("%(name)s is an operator: nobody sees the portal as an operator."),
    "homeless": gettext_lazy("%(name)s belongs to no organization, so there is nothing to see."),
}


class ViewAsForm(ParkingMixin, CleanTextMixin, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=8,
        max_length=200,
        help_text=gettext_lazy("A ticket's number, say. The person's organization reads it."),
    )
    may_write = forms.BooleanField(
        label=gettext_lazy("Also allow changes"),
        required=False,
        help_text=gettext_lazy("Without it you only look. Passwords and links stay closed."),
    )


@admin.register(ViewAs)
class ViewAsAdmin(ReadOnlyAdmin):
    """The operators' log of who saw the portal as whom; beginning is a page of the person's."""

    list_display = ["started_at", "operator", "person", "reason", "may_write", "ended_at"]
    list_filter = ["may_write", ("ended_at", admin.EmptyFieldListFilter)]
    search_fields = ["operator__username", "person__username", "reason"]
    list_select_related = ["operator", "person"]

    def get_urls(self):
        view = self.admin_site.admin_view(reauthenticated(self.start))
        ours = path("of/<int:pk>/", view, name="impersonation_viewas_start")
        return [ours, *super().get_urls()]

    def start(self, request, pk):
        """The reason first; then the front page, as that person sees it."""
        if not request.user.has_perm("impersonation.add_viewas"):
            raise PermissionDenied
        person = get_object_or_404(User, pk=pk)
        if word := services.why_not(person):
            messages.error(request, REASONS[word] % {"name": person})
            return redirect("admin:accounts_user_change", pk)
        form = ViewAsForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            services.start(request, person, **form.cleaned_data)
            return redirect("home")
        context = {
            **self.admin_site.each_context(request),
            "title": _("View as"),
            "person": person,
            "places": person.places,
            "form": form,
            "minutes": int(ViewAs.LENGTH.total_seconds() // 60),
        }
        return TemplateResponse(request, "admin/impersonation/start.html", context)
