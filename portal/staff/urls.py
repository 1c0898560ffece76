from django.urls import path

from portal.staff.views import joining, members, passwords, rights

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
    path("add/", joining.member_add, name="member_add"),
    path("invitations/", joining.invitation_list, name="invitation_list"),
    path(
        "invitations/<userinvitation:pk>/resend/",
        joining.invitation_resend,
        name="invitation_resend",
    ),
    path("invitations/<userinvitation:pk>/link/", joining.invitation_link, name="invitation_link"),
    path(
        "invitations/<userinvitation:pk>/withdraw/",
        joining.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("<int:pk>/reset-password/", passwords.member_reset, name="member_reset"),
    path("<int:pk>/password/", passwords.member_password, name="member_password"),
    path(
        "<int:pk>/password/reveal/",
        passwords.member_password_reveal,
        name="member_password_reveal",
    ),
]
