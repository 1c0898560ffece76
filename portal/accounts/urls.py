from django.urls import path

from portal.accounts import session_end, views

urlpatterns = [
    path("", views.home, name="home"),
    path("o/", views.organization_list, name="organization_list"),
    path("accounts/me/", views.me, name="me"),
    path("accounts/first-password/", views.first_password, name="first_password"),
    path("accounts/stay/", session_end.stay, name="stay"),
    path("preferences/language/", views.set_language, name="set_language"),
    path("preferences/theme/", views.set_theme, name="set_theme"),
]
