"""The operator's part of a suspension in Django admin: what it means first, with numbers."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import suspension
from portal.accounts.decorators import reauthenticated
from portal.forms import CleanTextMixin
from portal.operators import CONCERNS
from portal.parking import ParkingMixin

CHANGE = "admin:accounts_organization_change"
CONCERNS.append(
    (
        gettext_lazy("People who can then only read"),
        lambda organization: organization.memberships.active().count(),
    )
)


class SuspendForm(ParkingMixin, CleanTextMixin, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=10,
        max_length=300,
        help_text=gettext_lazy("Its people read it on every page, as you write it."),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )


class Suspending:
    """Part of the ModelAdmin of Organization: *Suspend* and *Lift the suspension*."""

    change_form_template = "admin/accounts/organization/change_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(reauthenticated(self.suspension))
        ours = path("<int:pk>/suspension/", view, name="accounts_organization_suspension")
        known = super().get_urls()
        return [*known[:-1], ours, known[-1]]

    def suspension(self, request, pk):
        """Asks first; suspends what is open, and opens what is suspended."""
        organization = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, organization):
            raise PermissionDenied
        lifts = organization.is_suspended
        typed = request.POST if request.method == "POST" else None
        form = forms.Form(typed) if lifts else SuspendForm(typed)
        # Whoever pressed a button that meant the opposite is asked anew.
        if form.is_valid() and request.POST.get("step") == _step(lifts):
            self._act(request, organization, form, lifts)
            return redirect(CHANGE, organization.pk)
        return self._ask(request, organization, form, lifts)

    def _act(self, request, organization, form, lifts):
        if lifts:
            suspension.lift(organization, operator=request.user)
            done = _("%(name)s is open again.")
        else:
            reason = form.cleaned_data["reason"]
            suspension.suspend(organization, operator=request.user, reason=reason)
            done = _("%(name)s is suspended.")
        self.log_change(request, organization, _step(lifts))
        messages.success(request, done % {"name": organization})

    def _ask(self, request, organization, form, lifts):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Lift the suspension") if lifts else _("Suspend"),
            "opts": self.opts,
            "organization": organization,
            "form": form,
            "lifts": lifts,
            "step": _step(lifts),
            "concerns": [(words, count(organization)) for words, count in CONCERNS],
        }
        return TemplateResponse(request, "admin/accounts/organization/suspension.html", context)


def _step(lifts):
    return "lift" if lifts else "suspend"
