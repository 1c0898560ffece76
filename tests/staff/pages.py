from portal.accounts.roles import Kind, Permission
from tests.access import Page

BOTH = (Kind.PROVIDER, Kind.RESELLER)
ALL = (*BOTH, Kind.CUSTOMER)
COLLEAGUE = {"about": ("colleague",)}
INVITED = {"about": ("invitation",)}
MANAGE = Permission.MANAGE_STAFF

PAGES = {
    "security:policy": Page(Permission.VIEW_SECURITY, kinds=ALL),
    "staff:member_list": Page(Permission.VIEW_STAFF, kinds=BOTH),
    "staff:member_export": Page(Permission.VIEW_STAFF, kinds=BOTH),
    "staff:member_detail": Page(Permission.VIEW_STAFF, **COLLEAGUE),
    "staff:member_deactivate": Page(Permission.MANAGE_STAFF, **COLLEAGUE),
    "staff:member_reactivate": Page(Permission.MANAGE_STAFF, **COLLEAGUE),
    "staff:member_sign_out": Page(Permission.MANAGE_STAFF, "post", **COLLEAGUE),
    "staff:member_add": Page(MANAGE, kinds=BOTH),
    "staff:invitation_list": Page(Permission.VIEW_STAFF, kinds=BOTH),
    "staff:invitation_resend": Page(MANAGE, "post", **INVITED),
    "staff:invitation_link": Page(MANAGE, "post", **INVITED),
    "staff:invitation_withdraw": Page(MANAGE, **INVITED),
    "staff:member_reset": Page(MANAGE, **COLLEAGUE),
    "staff:member_password": Page(MANAGE, **COLLEAGUE),
    "staff:member_password_reveal": Page(MANAGE, "post", **COLLEAGUE),
}
