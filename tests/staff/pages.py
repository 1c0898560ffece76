from portal.accounts.roles import Kind, Permission
from tests.access import Page

BOTH = (Kind.PROVIDER, Kind.RESELLER)
COLLEAGUE = {"about": ("colleague",)}

PAGES = {
    "staff:member_list": Page(Permission.VIEW_STAFF, kinds=BOTH),
    "staff:member_export": Page(Permission.VIEW_STAFF, kinds=BOTH),
    "staff:member_detail": Page(Permission.VIEW_STAFF, **COLLEAGUE),
    "staff:member_deactivate": Page(Permission.MANAGE_STAFF, **COLLEAGUE),
    "staff:member_reactivate": Page(Permission.MANAGE_STAFF, **COLLEAGUE),
    "staff:member_sign_out": Page(Permission.MANAGE_STAFF, "post", **COLLEAGUE),
}
