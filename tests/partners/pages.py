from portal.accounts.roles import Kind, Permission
from tests.access import Page

RESELLERS = (Kind.RESELLER,)
PAGES = {
    "partners:reseller_list": Page(Permission.VIEW_RESELLERS),
    "partners:reseller_export": Page(Permission.VIEW_RESELLERS),
    "partners:request_create": Page(Permission.REQUEST_PARTNERSHIP, method="post"),
    "partners:batch_create": Page(Permission.REQUEST_PARTNERSHIP),
    "partners:batch_template": Page(Permission.REQUEST_PARTNERSHIP),
    "partners:batch_detail": Page(Permission.REQUEST_PARTNERSHIP, about=("batch",)),
    "partners:batch_send": Page(Permission.REQUEST_PARTNERSHIP, method="post", about=("batch",)),
    "partners:batch_discard": Page(Permission.REQUEST_PARTNERSHIP, method="post", about=("batch",)),
    "partners:batch_result": Page(Permission.REQUEST_PARTNERSHIP, about=("batch",)),
    "partners:request_detail": Page(Permission.VIEW_RESELLERS, about=("request",)),
    "partners:request_draft": Page(Permission.REQUEST_PARTNERSHIP, about=("request",)),
    "partners:request_withdraw": Page(Permission.REQUEST_PARTNERSHIP, about=("request",)),
    "partners:reseller_detail": Page(Permission.VIEW_RESELLERS, about=("reseller",)),
    "partners:partnership_remove": Page(Permission.REMOVE_PARTNERSHIP, about=("reseller",)),
    "partners:provider_list": Page(Permission.VIEW_PROVIDERS, kinds=RESELLERS),
    "partners:agreement": Page(Permission.ACCEPT_AGREEMENT, kinds=(Kind.PROVIDER, Kind.RESELLER)),
}
