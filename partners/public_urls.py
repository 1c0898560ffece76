from django.urls import path

from partners.views import directory, enrolment, invitations

urlpatterns = [
    path("enroll/", enrolment.enroll, name="enroll"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/decline/", invitations.decline, name="invitation_decline"),
    path("find-a-provider/", directory.provider_directory, name="provider_directory"),
    path("find-a-provider/<slug:slug>/", directory.provider_profile, name="provider_profile"),
]
