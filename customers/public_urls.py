from django.urls import path

from customers.views import answers, first_passwords

urlpatterns = [
    path(
        "first-password/<str:token>/",
        first_passwords.first_password_link,
        name="first_password_link",
    ),
    path(
        "first-password/<str:token>/new-link/",
        first_passwords.first_password_new_link,
        name="first_password_new_link",
    ),
    path(
        "relationship-requests/<str:token>/",
        answers.relationship_request,
        name="relationship_request",
    ),
    path(
        "relationship-requests/<str:token>/decline/",
        answers.relationship_decline,
        name="relationship_decline",
    ),
]
