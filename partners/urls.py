from django.urls import path

from partners.views import (
    batches,
    companies,
    drafts,
    endings,
    letters,
    providers,
    requests,
    resellers,
)

app_name = "partners"
urlpatterns = [
    path("indirect-resellers/", resellers.reseller_list, name="reseller_list"),
    path("indirect-resellers/export/", resellers.reseller_export, name="reseller_export"),
    path("indirect-resellers/request/", drafts.request_create, name="request_create"),
    path("indirect-resellers/requests/bulk/", batches.batch_create, name="batch_create"),
    path(
        "indirect-resellers/requests/bulk/template/", batches.batch_template, name="batch_template"
    ),
    path("indirect-resellers/requests/bulk/<batch:pk>/", batches.batch_detail, name="batch_detail"),
    path(
        "indirect-resellers/requests/bulk/<batch:pk>/send/", batches.batch_send, name="batch_send"
    ),
    path(
        "indirect-resellers/requests/bulk/<batch:pk>/discard/",
        batches.batch_discard,
        name="batch_discard",
    ),
    path(
        "indirect-resellers/requests/bulk/<batch:pk>/result/",
        batches.batch_result,
        name="batch_result",
    ),
    path(
        "indirect-resellers/requests/<request:pk>/", requests.request_detail, name="request_detail"
    ),
    path(
        "indirect-resellers/requests/<request:pk>/draft/",
        drafts.request_draft,
        name="request_draft",
    ),
    path(
        "indirect-resellers/requests/<request:pk>/withdraw/",
        requests.request_withdraw,
        name="request_withdraw",
    ),
    path(
        "indirect-resellers/requests/<request:pk>/link/", requests.request_link, name="request_link"
    ),
    path(
        "indirect-resellers/requests/<request:pk>/remind/",
        requests.request_remind,
        name="request_remind",
    ),
    path(
        "indirect-resellers/requests/<request:pk>/extend/",
        requests.request_extend,
        name="request_extend",
    ),
    path(
        "indirect-resellers/requests/<request:pk>/resend/",
        requests.request_resend,
        name="request_resend",
    ),
    path(
        "indirect-resellers/requests/<request:pk>/again/",
        requests.request_again,
        name="request_again",
    ),
    path("indirect-resellers/<reseller:pk>/", resellers.reseller_detail, name="reseller_detail"),
    path("indirect-providers/", providers.provider_list, name="provider_list"),
    path("indirect-providers/<reseller:pk>/end/", endings.partnership_end, name="partnership_end"),
    path("indirect-providers/<reseller:pk>/ended/", endings.provider_ended, name="provider_ended"),
    path("indirect-providers/<reseller:pk>/undo/", endings.provider_undo, name="provider_undo"),
    path("settings/profile/", companies.profile_detail, name="profile_detail"),
    path("settings/profile/reviewed/", companies.profile_review, name="profile_review"),
    path("settings/profile/contact/", companies.profile_change, name="profile_change"),
    path("settings/identifiers/", companies.identifier_list, name="identifier_list"),
    path("settings/identifiers/add/", companies.identifier_add, name="identifier_add"),
    path("settings/agreements/", companies.agreement, name="agreement"),
    path("settings/agreements/text/", companies.agreement_text, name="agreement_text"),
    path("settings/email-texts/", letters.letter_list, name="letter_list"),
    path("settings/email-texts/requests/", letters.request_settings, name="request_settings"),
    path("settings/email-texts/text/", letters.letter_edit, name="letter_edit"),
    path("settings/email-texts/text/test/", letters.letter_test, name="letter_test"),
    path("settings/email-texts/text/standard/", letters.letter_remove, name="letter_remove"),
]
