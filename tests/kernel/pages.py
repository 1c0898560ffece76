from portal.accounts.roles import Kind, Permission
from tests.access import Page

EVERYBODY = tuple(Kind)
VIEW = {"about": ("saved_view",)}

PAGES = {
    "savedviews:view_create": Page(Permission.VIEW_HOME, "post", kinds=EVERYBODY),
    "savedviews:view_edit": Page(Permission.VIEW_HOME, **VIEW),
    # Only whose view it is.
    "savedviews:view_update": Page(Permission.VIEW_HOME, "post", **VIEW, kinds=()),
    "savedviews:view_delete": Page(Permission.VIEW_HOME, "post", **VIEW, kinds=()),
    # Their own anybody may see: tests/staff/test_explain_rights.py.
    "staff:member_rights": Page(Permission.VIEW_STAFF, about=("member",)),
    "staff:right_holders": Page(Permission.VIEW_HOME, kinds=EVERYBODY),
    "audit:entry_list": Page(Permission.VIEW_ACTIVITY, kinds=EVERYBODY),
    "audit:entry_export": Page(Permission.VIEW_ACTIVITY, kinds=EVERYBODY),
    "audit:entry_panel": Page(Permission.VIEW_ACTIVITY, about=("audit_entry",), kinds=()),
    "outbox:message_list": Page(Permission.VIEW_DELIVERIES, kinds=EVERYBODY),
    "outbox:message_confirm": Page(Permission.RETRY_DELIVERY, about=("message",)),
    "outbox:message_retry": Page(Permission.RETRY_DELIVERY, "post", about=("message",)),
}
