from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners import services
from partners.models import (
    Enrolment,
    LetterTemplate,
    MpnAccount,
    PartnerProfile,
    Partnership,
    PartnershipRequest,
    ProfileChange,
    RequestBatch,
    RequestBatchRow,
)
from partners.reviewing import EnrolmentReview, QueueFilter
from portal.languages import language_choices
from portal.operators import CONCERNS, QUEUES, PlainModelAdmin, PlainModelForm, Queue, ReadOnlyAdmin

ADDRESS = ["address", "postal_code", "city", "state"]
CONTACT = ["first_name", "last_name", "email", "email_confirmed_at", "phone"]


class AnswerForm(PlainModelForm):
    """Done or declined, with the words that the partner reads."""

    OUTCOMES = [ProfileChange.Status.DONE, ProfileChange.Status.DECLINED]
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", "–"), *((status, status.label) for status in OUTCOMES)]
    )

    class Meta:
        model = ProfileChange
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 4, "cols": 80})}

    def clean(self):
        typed = super().clean()
        if typed.get("outcome") == ProfileChange.Status.DECLINED and not typed.get("answer"):
            self.add_error("answer", _("Tell the partner why."))
        return typed


@admin.register(PartnerProfile)
class PartnerProfileAdmin(PlainModelAdmin):
    list_display = ["organization", "city", "listed", "agreement_version", "agreement_signed_at"]
    list_filter = [
        "organization__kind",
        "listed",
        ("agreement_signed_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["organization__name", "name_key", "email"]
    list_select_related = ["organization"]
    autocomplete_fields = ["organization"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    readonly_fields = [
        "enrolled_at",
        "reviewed_at",
        "reviewed_by",
        "agreement_version",
        "agreement_signed_at",
        "agreement_signed_by",
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "languages":
            return forms.MultipleChoiceField(
                label=db_field.verbose_name, choices=language_choices, required=False
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(MpnAccount)
class MpnAccountAdmin(PlainModelAdmin):
    list_display = ["mpn_id", "type", "organization", "city", "country"]
    list_filter = ["type", "country"]
    search_fields = ["mpn_id", "organization__name"]
    list_select_related = ["organization"]
    autocomplete_fields = ["organization"]

    def get_readonly_fields(self, request, obj=None):
        """A number that business was done under belongs to its company for good."""
        return ["mpn_id", "organization"] if obj else []


@admin.register(PartnershipRequest)
class PartnershipRequestAdmin(ReadOnlyAdmin):
    list_display = ["reference", "provider", "recipient", "status", "route", "expires_at"]
    list_filter = ["status", "route", "language"]
    search_fields = ["recipient", "provider__name", "reseller__name"]
    list_select_related = ["provider"]
    exclude = ["nonce", "token_hash", "submission"]


@admin.register(Partnership)
class PartnershipAdmin(ReadOnlyAdmin):
    list_display = ["provider", "reseller", "location", "status", "started_at", "removed_at"]
    list_filter = ["status"]
    search_fields = ["provider__name", "reseller__name", "location__mpn_id"]
    list_select_related = ["provider", "reseller", "location"]


@admin.register(Enrolment)
class EnrolmentAdmin(EnrolmentReview, ReadOnlyAdmin):
    list_display = ["__str__", "status", "country", "mpn_id", "email", "submitted_at"]
    list_filter = [("status", QueueFilter), "country"]
    search_fields = ["name", "email", "mpn_id", "global_mpn_id"]
    list_select_related = ["applicant"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    ordering = ["submitted_at", "pk"]
    fieldsets = [
        (None, {"fields": ["status", "submitted_at", "request", "company"]}),
        (_("Company"), {"fields": ["name", "country", *ADDRESS, "website"]}),
        (_("Primary contact"), {"fields": [*CONTACT, "applicant"]}),
        (_("Identifiers"), {"fields": ["mpn_id", "global_mpn_id"]}),
        (_("Partner agreement"), {"fields": ["agreement_version", "agreement_accepted_at"]}),
        (_("Decision"), {"fields": ["decided_at", "decided_by", "reason"]}),
    ]


@admin.register(ProfileChange)
class ProfileChangeAdmin(ReadOnlyAdmin):
    """What partners ask their representative: the operator changes the profile, then answers."""

    form = AnswerForm
    list_display = ["organization", "text", "status", "asked_by", "asked_at"]
    list_filter = ["status"]
    search_fields = ["organization__name", "text"]
    list_select_related = ["organization", "asked_by"]
    readonly_fields = ["organization", "text", "asked_by", "asked_at", "answered_at"]

    def has_change_permission(self, request, obj=None):
        """Answered once, it stays as it is."""
        return obj is None or obj.status == ProfileChange.Status.OPEN

    def get_fields(self, request, obj=None):
        answering = ["outcome", "answer"]
        shown = ["status", "answer"]
        open_still = self.has_change_permission(request, obj)
        return [*self.readonly_fields, *(answering if open_still else shown)]

    def save_model(self, request, obj, form, change):
        outcome = ProfileChange.Status(form.cleaned_data["outcome"])
        services.answer_profile_change(obj, outcome, answer=form.cleaned_data["answer"])


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ReadOnlyAdmin):
    list_display = ["provider", "language", "subject", "changed_at"]
    list_filter = ["language"]
    search_fields = ["provider__name", "subject"]
    list_select_related = ["provider"]


@admin.register(RequestBatch)
class RequestBatchAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "provider", "status", "created_by", "created_at"]
    list_filter = ["status"]
    search_fields = ["file_name", "provider__name"]
    list_select_related = ["provider", "created_by"]


@admin.register(RequestBatchRow)
class RequestBatchRowAdmin(ReadOnlyAdmin):
    list_display = ["batch", "line", "recipient", "status", "reason"]
    list_filter = ["status"]
    search_fields = ["recipient", "batch__file_name"]
    list_select_related = ["batch"]


CONCERNS.append(
    (
        _("Invitations that can't be answered meanwhile"),
        lambda organization: (
            PartnershipRequest.objects.pending().filter(provider=organization).count()
        ),
    )
)

QUEUES += [
    Queue(
        _("Enrolments in review"),
        lambda: Enrolment.objects.filter(status=Enrolment.Status.SUBMITTED),
        "admin:partners_enrolment_changelist",
        "status__exact=submitted",
        "partners.view_enrolment",
        _("Review"),
    ),
    Queue(
        _("Profile change requests"),
        lambda: ProfileChange.objects.filter(status=ProfileChange.Status.OPEN),
        "admin:partners_profilechange_changelist",
        "status__exact=open",
        "partners.view_profilechange",
        _("Answer"),
    ),
]
