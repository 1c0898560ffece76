"""The operator's review of enrolments in Django admin: the facts, the checks, three decisions."""

from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import services
from partners.checks import checks_of
from partners.models import Enrolment
from portal.forms import SeenForm
from portal.lifecycle import InvalidTransition

CHANGE = "admin:partners_enrolment_change"


class ReasonForm(SeenForm):
    """Why: the applicant reads it in the email and on the page."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("The applicant reads it, as you write it."),
        widget=forms.Textarea(attrs={"rows": 5, "cols": 60}),
    )


class Decision(NamedTuple):
    label: str
    question: str
    form: type
    act: object


DECISIONS = {
    "approve": Decision(
        gettext_lazy("Approve"),
        gettext_lazy("Approve and make the company?"),
        SeenForm,
        services.approve_enrolment,
    ),
    "hand-back": Decision(
        gettext_lazy("Hand back"),
        gettext_lazy("Hand back for correction?"),
        ReasonForm,
        services.hand_back_enrolment,
    ),
    "reject": Decision(
        gettext_lazy("Reject"),
        gettext_lazy("Reject for good?"),
        ReasonForm,
        services.reject_enrolment,
    ),
}


class QueueFilter(admin.ChoicesFieldListFilter):
    """By status; what waits for a review comes first, unless another is chosen."""

    ALL = "all"

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        self.lookup_val = self.lookup_val or [str(Enrolment.Status.SUBMITTED)]
        self.used_parameters[self.lookup_kwarg] = self.lookup_val
        if self.ALL in self.lookup_val:
            del self.used_parameters[self.lookup_kwarg]

    def choices(self, changelist):
        yield self._choice(changelist, self.ALL, _("All"))
        for value, words in self.field.flatchoices:
            yield self._choice(changelist, value, words)

    def _choice(self, changelist, value, words):
        return {
            "selected": value in self.lookup_val,
            "query_string": changelist.get_query_string({self.lookup_kwarg: value}),
            "display": words,
        }


class EnrolmentReview:
    """Part of the ModelAdmin of Enrolment, whose rows are otherwise read-only."""

    change_form_template = "admin/partners/enrolment/change_form.html"

    def get_urls(self):
        decide = self.admin_site.admin_view(self.decide)
        ours = path("<int:pk>/<slug:name>/", decide, name="partners_enrolment_decide")
        known = super().get_urls()
        return [*known[:-1], ours, known[-1]]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        enrolment = self.get_object(request, object_id)
        context = {**(extra_context or {}), "checks": [], "decisions": []}
        if enrolment and enrolment.status == Enrolment.Status.SUBMITTED:
            context["checks"] = checks_of(enrolment)
            context["decisions"] = self._offered(request, enrolment)
        return super().change_view(request, object_id, form_url, context)

    def decide(self, request, pk, name):
        """Asks first, then acts; who comes too late is told what it is now."""
        if name not in DECISIONS:
            raise Http404
        if not self._may_decide(request):
            raise PermissionDenied
        enrolment, decision = get_object_or_404(self.get_queryset(request), pk=pk), DECISIONS[name]
        if enrolment.status != Enrolment.Status.SUBMITTED:
            return self._too_late(request, enrolment)
        state = enrolment.submitted_at.isoformat()
        if request.method != "POST" and request.GET.get("seen", state) != state:
            return self._changed(request, enrolment)
        typed = request.POST if request.method == "POST" else None
        form = decision.form(typed, initial={"seen": state})
        if form.is_valid():
            return self._act(request, enrolment, decision, form)
        return self._confirmation(request, enrolment, decision, form)

    def _act(self, request, enrolment, decision, form):
        try:
            decided = decision.act(enrolment, operator=request.user, **form.cleaned_data)
        except services.ChangedSince as error:
            return self._changed(request, error.obj)
        except InvalidTransition as error:
            return self._too_late(request, error.obj)
        except services.CannotApprove as error:
            messages.error(request, str(error))
        else:
            words = str(decision.label)
            self.log_change(request, decided, words)
            messages.success(request, f"{decided}: {decided.get_status_display()}")
        return redirect(CHANGE, enrolment.pk)

    def _confirmation(self, request, enrolment, decision, form):
        context = {
            **self.admin_site.each_context(request),
            "title": decision.question,
            "opts": self.opts,
            "enrolment": enrolment,
            "decision": decision,
            "checks": checks_of(enrolment),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        template = "admin/partners/enrolment/decide.html"
        return TemplateResponse(request, template, context, status=status)

    def _too_late(self, request, enrolment):
        words = _("Nothing was done: this enrolment is not in review. It is: %(status)s.")
        messages.warning(request, words % {"status": enrolment.get_status_display()})
        return redirect(CHANGE, enrolment.pk)

    def _changed(self, request, enrolment):
        words = _(
            "Nothing was done: the applicant has changed this enrolment since you opened it. "
            "You see it as it is now."
        )
        messages.warning(request, words)
        return redirect(CHANGE, enrolment.pk)

    def _offered(self, request, enrolment):
        if not self._may_decide(request):
            return []
        page = "admin:partners_enrolment_decide"
        seen = {"seen": enrolment.submitted_at.isoformat()}
        return [
            (reverse(page, args=[enrolment.pk, name], query=seen), decision)
            for name, decision in DECISIONS.items()
        ]

    @staticmethod
    def _may_decide(request):
        return request.user.has_perm("partners.change_enrolment")
