"""Everything under ``/o/<slug>/``. ``portal.links`` puts the organization in front."""

from django.urls import include, path

import portal.references  # noqa: F401  registers the converters the apps' addresses use

urlpatterns = [
    path("", include("subscriptions.urls")),
    path("", include("partners.urls")),
    path("", include("customers.urls")),
    path("saved-views/", include("portal.savedviews.urls")),
    path("settings/users/", include("portal.staff.urls")),
    path("settings/security/", include("portal.staff.security_urls")),
    path("settings/activity-log/", include("portal.audit.urls")),
    path("settings/deliveries/", include("portal.outbox.urls")),
]
