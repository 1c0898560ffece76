from django.urls import path

from portal.staff.views import answering

urlpatterns = [
    path("join/<str:token>/", answering.join, name="join"),
    path("join/<str:token>/new-link/", answering.join_new_link, name="join_new_link"),
]
