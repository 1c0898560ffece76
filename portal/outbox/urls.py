from django.urls import path

from portal.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.message_list, name="message_list"),
    path("<uuid:pk>/try-again/", views.message_confirm, name="message_confirm"),
    path("<uuid:pk>/retry/", views.message_retry, name="message_retry"),
]
