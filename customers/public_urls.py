from django.urls import path

from customers.views import answers

urlpatterns = [
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
