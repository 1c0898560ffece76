from django.urls import path

from partners.views import directory, enrolment, invitations

urlpatterns = [
    path("enroll/", enrolment.enroll, name="enroll"),
    path("enroll/you/", enrolment.you, name="enroll_you"),
    path("enroll/code/", enrolment.code, name="enroll_code"),
    path("enroll/code/new/", enrolment.code_resend, name="enroll_code_resend"),
    path("enroll/company/", enrolment.company, name="enroll_company"),
    path("enroll/company/fields/", enrolment.country_fields, name="enroll_country_fields"),
    path("enroll/identifiers/", enrolment.identifiers, name="enroll_identifiers"),
    path("enroll/agreement/", enrolment.agreement, name="enroll_agreement"),
    path("enroll/review/", enrolment.review, name="enroll_review"),
    path("enroll/take-back/", enrolment.take_back, name="enroll_take_back"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/decline/", invitations.decline, name="invitation_decline"),
    path("invitations/<str:token>/ask/", invitations.ask, name="invitation_ask"),
    path("invitations/<str:token>/opened/", invitations.opened, name="invitation_opened"),
    path("invitations/<str:token>/new-link/", invitations.new_link, name="invitation_new_link"),
    path("find-a-provider/", directory.provider_directory, name="provider_directory"),
    path("find-a-provider/<slug:slug>/", directory.provider_profile, name="provider_profile"),
]
