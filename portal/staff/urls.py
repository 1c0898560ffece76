from django.urls import path

from portal.staff.views import members, rights

app_name = "staff"
urlpatterns = [
    path("rights/", rights.right_holders, name="right_holders"),
    path("<int:pk>/rights/", rights.member_rights, name="member_rights"),
    path("", members.member_list, name="member_list"),
    path("export/", members.member_export, name="member_export"),
    path("<int:pk>/", members.member_detail, name="member_detail"),
    path("<int:pk>/deactivate/", members.member_deactivate, name="member_deactivate"),
    path("<int:pk>/reactivate/", members.member_reactivate, name="member_reactivate"),
    path("<int:pk>/sign-out/", members.member_sign_out, name="member_sign_out"),
]
