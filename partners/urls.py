from django.urls import path

from partners.views import batches, providers, requests, resellers

app_name = "partners"
urlpatterns = [
    path("indirect-resellers/", resellers.reseller_list, name="reseller_list"),
    path("indirect-resellers/export/", resellers.reseller_export, name="reseller_export"),
    path("indirect-resellers/request/", requests.request_create, name="request_create"),
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
        requests.request_draft,
        name="request_draft",
    ),
    path(
        "indirect-resellers/requests/<request:pk>/withdraw/",
        requests.request_withdraw,
        name="request_withdraw",
    ),
    path("indirect-resellers/<reseller:pk>/", resellers.reseller_detail, name="reseller_detail"),
    path(
        "indirect-resellers/<reseller:pk>/remove/",
        resellers.partnership_remove,
        name="partnership_remove",
    ),
    path("indirect-providers/", providers.provider_list, name="provider_list"),
    path("settings/agreements/", providers.agreement, name="agreement"),
]
