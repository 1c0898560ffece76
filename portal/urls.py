"""The addresses of the whole portal. Pages of one organization: ``organization_urls``."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Operations")

urlpatterns = [
    path("", include("portal.accounts.urls")),
    path("accounts/me/notifications/", include("portal.notices.urls")),
    path("", include("portal.health_urls")),
    path("", include("portal.staff.public_urls")),
    path("", include("partners.public_urls")),
    path("", include("customers.public_urls")),
    path("", include("subscriptions.public_urls")),
    path("accounts/", include("portal.accounts.sign_in_urls")),
    path("view-as/", include("portal.impersonation.urls")),
    path("admin/", admin.site.urls),
    path("o/<slug:organization>/", include("portal.organization_urls")),
]

handler400 = "portal.accounts.errors.bad_request"
handler403 = "portal.accounts.errors.forbidden"
handler404 = "portal.accounts.errors.not_found"
handler429 = "portal.accounts.errors.too_many"  # allauth asks for it
handler500 = "portal.accounts.errors.server_error"
