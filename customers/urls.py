from django.urls import path

from customers.forms.editing import BLOCKS
from customers.views import (
    agreements,
    editing,
    grants,
    invitations,
    listing,
    moving,
    open_requests,
    owners,
    partners,
    passwords,
    requests,
    tags,
    uploads,
)
from customers.views import customers as views

app_name = "customers"
urlpatterns = [
    path("customers/", listing.customer_list, name="customer_list"),
    path("customers/export/", listing.customer_export, name="customer_export"),
    path("customers/bulk/reseller/", moving.customers_move, name="customers_move"),
    path("customers/bulk/<movebatch:pk>/", moving.move_batch, name="move_batch"),
    path("customers/bulk/<movebatch:pk>/result/", moving.move_result, name="move_result"),
    path("customers/<customer:pk>/tags/", tags.customer_tags, name="customer_tags"),
    path("customers/<customer:pk>/tags/remove/", tags.customer_untag, name="customer_untag"),
    path("customers/domain-check/", views.domain_check, name="domain_check"),
    path("customers/twin-check/", views.twin_check, name="twin_check"),
    path("customers/country-fields/", views.country_fields, name="country_fields"),
    path("customers/invite/", requests.relationship_create, name="relationship_create"),
    path("customers/requests/", requests.relationship_list, name="relationship_list"),
    path(
        "customers/requests/<relationship:pk>/",
        open_requests.relationship_detail,
        name="relationship_detail",
    ),
    path(
        "customers/requests/<relationship:pk>/draft/",
        requests.relationship_draft,
        name="relationship_draft",
    ),
    path(
        "customers/requests/<relationship:pk>/remind/",
        open_requests.relationship_remind,
        name="relationship_remind",
    ),
    path(
        "customers/requests/<relationship:pk>/extend/",
        open_requests.relationship_extend,
        name="relationship_extend",
    ),
    path(
        "customers/requests/<relationship:pk>/withdraw/",
        requests.relationship_withdraw,
        name="relationship_withdraw",
    ),
    path("customers/<customer:pk>/", views.customer_detail, name="customer_detail"),
    path("customers/<customer:pk>/panel/", views.customer_panel, name="customer_panel"),
    path("customers/<customer:pk>/account/", views.customer_account, name="customer_account"),
    *(
        path(
            f"customers/<customer:pk>/account/{block}/",
            editing.account_edit,
            {"block": block},
            name=f"{block}_edit",
        )
        for block in BLOCKS
    ),
    path(
        "customers/<customer:pk>/agreement/",
        agreements.agreement_confirm,
        name="agreement_confirm",
    ),
    path(
        "customers/<customer:pk>/admin-password/",
        views.admin_password_reset,
        name="admin_password_reset",
    ),
    path("customers/<customer:pk>/setup-info/", views.setup_info, name="setup_info"),
    path(
        "customers/<customer:pk>/setup-info/reveal/",
        views.setup_info_reveal,
        name="setup_info_reveal",
    ),
    path("customers/admin-relationships/", grants.grant_list, name="grant_list"),
    path("customers/admin-relationships/export/", grants.grant_export, name="grant_export"),
    path("customers/admin-relationships/renew/", grants.grant_renew, name="grant_renew"),
    path(
        "customers/admin-relationships/automatic/",
        grants.renewal_automatic,
        name="renewal_automatic",
    ),
    path("customer-agreement/", agreements.own_agreement, name="own_agreement"),
    path("partner-relationships/", partners.partner_list, name="partner_list"),
    path("partner-relationships/<grant:pk>/remove/", partners.grant_remove, name="grant_remove"),
    path(
        "partner-relationships/<grant:pk>/renewal/", partners.renewal_answer, name="renewal_answer"
    ),
    path("settings/user-settings/", owners.owner_list, name="owner_list"),
    path("settings/user-settings/give/", owners.owner_give, name="owner_give"),
    path("settings/user-settings/<owner:pk>/revoke/", owners.owner_revoke, name="owner_revoke"),
]

# Pages about users, for partners below the customer and for the customer's own staff.
for below, side in (("customers/<customer:pk>/users/", ""), ("users/", "own_")):
    for address, view in {
        "upload/": uploads.upload_create,
        "upload/template/": uploads.upload_template,
        "upload/<userupload:upload>/": uploads.upload_detail,
        "upload/<userupload:upload>/save/": uploads.upload_save,
        "upload/<userupload:upload>/discard/": uploads.upload_discard,
        "upload/<userupload:upload>/result/": uploads.upload_result,
        "upload/<userupload:upload>/passwords/": uploads.upload_passwords,
        "<customeruser:person>/invite/": invitations.user_invite,
        "<customeruser:person>/invite/withdraw/": invitations.user_invitation_withdraw,
        "<customeruser:person>/reset/": passwords.user_reset,
        "<customeruser:person>/password/": passwords.user_password,
        "<customeruser:person>/password/reveal/": passwords.user_password_reveal,
    }.items():
        urlpatterns.append(path(below + address, view, name=side + view.__name__))
