"""The addresses of the whole portal. Pages of one organization: ``organization_urls``."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.accounts.urls")),
    path("", include("portal.health_urls")),
    path("", include("partners.public_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("o/<slug:organization>/", include("portal.organization_urls")),
]

handler403 = "portal.accounts.views.forbidden"
handler404 = "portal.accounts.views.not_found"
