from django.urls import path

from portal.impersonation import views

urlpatterns = [path("end/", views.end, name="view_as_end")]
