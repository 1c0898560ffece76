from django.urls import path

from portal.savedviews import views

app_name = "savedviews"
urlpatterns = [
    path("save/", views.view_create, name="view_create"),
    path("<savedview:pk>/", views.view_edit, name="view_edit"),
    path("<savedview:pk>/update/", views.view_update, name="view_update"),
    path("<savedview:pk>/delete/", views.view_delete, name="view_delete"),
]
