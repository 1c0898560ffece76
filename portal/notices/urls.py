from django.urls import path

from portal.notices import views

urlpatterns = [path("", views.notifications, name="notifications")]
