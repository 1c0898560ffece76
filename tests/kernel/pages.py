from portal.accounts.roles import Kind, Permission
from tests.access import Page

PAGES = {
    "audit:entry_list": Page(Permission.VIEW_ACTIVITY, kinds=(Kind.PROVIDER, Kind.RESELLER)),
    "outbox:message_list": Page(Permission.VIEW_DELIVERIES),
    "outbox:message_retry": Page(Permission.RETRY_DELIVERY, "post", about=("message",)),
}
