from django.urls import path

from subscriptions.views import (
    activity,
    adding,
    calendars,
    changing,
    details,
    drafts,
    endings,
    exporting,
    farewells,
    home,
    incentives,
    leaving,
    license_requests,
    listing,
    order_requests,
    orders,
    own,
    partnerships,
    pricing,
    subscriptions,
    trials,
    upgrades,
    user_licenses,
    user_sessions,
    users,
    wizard,
)

app_name = "subscriptions"
urlpatterns = [
    path("", home.home, name="home"),
    path("first-steps/", home.first_steps, name="first_steps"),
    path("customers/new/", wizard.draft_create, name="draft_create"),
    path("customers/new/autosave/", drafts.draft_begin, name="draft_begin"),
    path("customers/new/<draft:pk>/autosave/", drafts.draft_autosave, name="draft_autosave"),
    path("customers/new/<draft:pk>/take-over/", drafts.draft_take_over, name="draft_take_over"),
    path("customers/new/<draft:pk>/", wizard.draft_account, name="draft_account"),
    path(
        "customers/new/<draft:pk>/subscriptions/",
        wizard.draft_subscriptions,
        name="draft_subscriptions",
    ),
    path("customers/new/<draft:pk>/review/", wizard.draft_review, name="draft_review"),
    path("customers/new/<draft:pk>/cancel/", wizard.draft_cancel, name="draft_cancel"),
    path(
        "customers/<customer:pk>/subscriptions/",
        subscriptions.customer_subscriptions,
        name="customer_subscriptions",
    ),
    path(
        "customers/<customer:pk>/subscriptions/export/",
        exporting.customer_subscriptions_export,
        name="customer_subscriptions_export",
    ),
    path(
        "customers/<customer:pk>/subscriptions/new/",
        adding.subscription_add,
        name="subscription_add",
    ),
    path("customers/<customer:pk>/activity/", activity.customer_activity, name="customer_activity"),
    path(
        "customers/<customer:pk>/activity/export/",
        activity.customer_activity_export,
        name="customer_activity_export",
    ),
    path("customers/<customer:pk>/remove/", leaving.customer_remove, name="customer_remove"),
    path("subscriptions/export/", own.own_export, name="own_export"),
    path("support/", own.support, name="support"),
    path(
        "subscriptions/<subscription:pk>/request-licenses/",
        license_requests.license_request_create,
        name="license_request_create",
    ),
    path("license-requests/", license_requests.license_request_list, name="license_request_list"),
    path(
        "license-requests/<licenserequest:pk>/",
        license_requests.license_request,
        name="license_request",
    ),
    path(
        "license-requests/<licenserequest:pk>/approve/",
        license_requests.license_request_approve,
        name="license_request_approve",
    ),
    path(
        "license-requests/<licenserequest:pk>/decline/",
        license_requests.license_request_decline,
        name="license_request_decline",
    ),
    path(
        "license-requests/<licenserequest:pk>/withdraw/",
        license_requests.license_request_withdraw,
        name="license_request_withdraw",
    ),
    path(
        "customers/<customer:pk>/ask-to-order/",
        order_requests.order_request_create,
        name="order_request_create",
    ),
    path("order-requests/", order_requests.order_request_list, name="order_request_list"),
    path("order-requests/<orderrequest:pk>/", order_requests.order_request, name="order_request"),
    path(
        "order-requests/<orderrequest:pk>/decline/",
        order_requests.order_request_decline,
        name="order_request_decline",
    ),
    path(
        "order-requests/<orderrequest:pk>/withdraw/",
        order_requests.order_request_withdraw,
        name="order_request_withdraw",
    ),
    path("subscriptions/", listing.subscription_list, name="subscription_list"),
    path("subscriptions/calendar/", calendars.subscription_calendar, name="subscription_calendar"),
    path("subscriptions/calendar/end/", calendars.calendar_end, name="calendar_end"),
    path("subscriptions/all/export/", listing.subscription_export, name="subscription_export"),
    path(
        "subscriptions/bulk/partners/", changing.subscriptions_change, name="subscriptions_change"
    ),
    path("subscriptions/bulk/<changebatch:pk>/", changing.change_batch, name="change_batch"),
    path(
        "subscriptions/bulk/<changebatch:pk>/result/", changing.change_result, name="change_result"
    ),
    path(
        "subscriptions/<subscription:pk>/",
        details.subscription_detail,
        name="subscription_detail",
    ),
    path("subscriptions/<subscription:pk>/convert/", trials.trial_convert, name="trial_convert"),
    path(
        "subscriptions/<subscription:pk>/upgrade/",
        upgrades.subscription_upgrade,
        name="subscription_upgrade",
    ),
    path(
        "indirect-resellers/<reseller:pk>/remove/",
        partnerships.partnership_remove,
        name="partnership_remove",
    ),
    path(
        "indirect-resellers/<reseller:pk>/remove/customers/",
        partnerships.partnership_customers,
        name="partnership_customers",
    ),
    path("indirect-resellers/<reseller:pk>/ended/", endings.reseller_ended, name="reseller_ended"),
    path(
        "indirect-resellers/<reseller:pk>/ended/undo/", endings.reseller_undo, name="reseller_undo"
    ),
    path(
        "indirect-resellers/<reseller:pk>/ended/customers/",
        endings.reseller_settle,
        name="reseller_settle",
    ),
    path(
        "indirect-resellers/<reseller:pk>/ended/message-to-reseller/",
        farewells.message_reseller,
        name="message_reseller",
    ),
    path(
        "indirect-resellers/<reseller:pk>/ended/message-to-customers/",
        farewells.message_customers,
        name="message_customers",
    ),
    path("incentives/", incentives.incentives, name="incentives"),
    path("incentives/rows/", incentives.incentive_rows, name="incentive_rows"),
    path("incentives/export/", incentives.incentive_export, name="incentive_export"),
    path("prices/", pricing.price_list, name="price_list"),
    path("prices/export/", pricing.price_export, name="price_export"),
    path("orders/", orders.order_list, name="order_list"),
    path("orders/<order:pk>/", orders.order_detail, name="order_detail"),
    path("orders/<order:pk>/confirmation/", orders.order_confirmation, name="order_confirmation"),
    path("orders/<order:pk>/progress/", orders.order_progress, name="order_progress"),
    path("orders/<order:pk>/start/", orders.order_start, name="order_start"),
    path("orders/<order:pk>/revive/", orders.order_revive, name="order_revive"),
    path("orders/<order:pk>/cancel/", orders.order_cancel, name="order_cancel"),
    path("orders/<order:pk>/retry/", orders.line_retry, name="line_retry"),
    path("orders/<order:pk>/leave/", orders.line_cancel, name="line_cancel"),
]

# Pages about users, for partners below the customer and for the customer's own staff.
for below, side in (("customers/<customer:pk>/users/", ""), ("users/", "own_")):
    for address, view in {
        "": users.user_list,
        "new/": users.user_add,
        "licenses/": user_licenses.user_licenses,
        "<customeruser:person>/": users.user_detail,
        "<customeruser:person>/delete/": users.user_delete,
        "<customeruser:person>/restore/": users.user_restore,
    }.items():
        urlpatterns.append(path(below + address, view, name=side + view.__name__))

# Where its users are signed in is nobody's business but the customer's own.
urlpatterns.append(
    path(
        "users/<customeruser:person>/sign-out/",
        user_sessions.user_sign_out,
        name="own_user_sign_out",
    )
)
