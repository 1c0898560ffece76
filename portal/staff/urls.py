from django.urls import path

from portal.staff.views import rights

app_name = "staff"
urlpatterns = [
    path("rights/", rights.right_holders, name="right_holders"),
    path("<int:pk>/rights/", rights.member_rights, name="member_rights"),
]
