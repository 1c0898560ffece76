from django.urls import path

from customers.views import customers as views
from customers.views import requests

app_name = "customers"
urlpatterns = [
    path("customers/", views.customer_list, name="customer_list"),
    path("customers/domain-check/", views.domain_check, name="domain_check"),
    path("customers/twin-check/", views.twin_check, name="twin_check"),
    path("customers/country-fields/", views.country_fields, name="country_fields"),
    path("customers/invite/", requests.relationship_create, name="relationship_create"),
    path("customers/requests/", requests.relationship_list, name="relationship_list"),
    path(
        "customers/requests/<relationship:pk>/",
        requests.relationship_detail,
        name="relationship_detail",
    ),
    path(
        "customers/requests/<relationship:pk>/draft/",
        requests.relationship_draft,
        name="relationship_draft",
    ),
    path(
        "customers/requests/<relationship:pk>/withdraw/",
        requests.relationship_withdraw,
        name="relationship_withdraw",
    ),
    path("customers/<customer:pk>/", views.customer_detail, name="customer_detail"),
    path("customers/<customer:pk>/panel/", views.customer_panel, name="customer_panel"),
    path("customers/<customer:pk>/account/", views.customer_account, name="customer_account"),
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
    path("partner-relationships/", views.partner_list, name="partner_list"),
]
