from django.urls import path

from subscriptions.views import calendars

urlpatterns = [
    path("calendars/<str:token>.ics", calendars.calendar_feed, name="calendar_feed"),
]
