from portal.accounts.roles import Kind, Permission
from tests.access import Page

RESELLERS = (Kind.RESELLER,)
PAGES = {
    "partners:reseller_list": Page(Permission.VIEW_RESELLERS),
    "partners:request_create": Page(Permission.REQUEST_PARTNERSHIP, method="post"),
    "partners:request_detail": Page(Permission.VIEW_RESELLERS, about=("request",)),
    "partners:request_draft": Page(Permission.REQUEST_PARTNERSHIP, about=("request",)),
    "partners:request_withdraw": Page(Permission.REQUEST_PARTNERSHIP, about=("request",)),
    "partners:reseller_detail": Page(Permission.VIEW_RESELLERS, about=("reseller",)),
    "partners:provider_list": Page(Permission.VIEW_PROVIDERS, kinds=RESELLERS),
    "partners:partnership_end": Page(
        Permission.END_PARTNERSHIP, about=("provider",), kinds=RESELLERS
    ),
    "partners:provider_ended": Page(
        Permission.VIEW_PROVIDERS, about=("provider",), kinds=RESELLERS
    ),
    "partners:provider_undo": Page(
        Permission.END_PARTNERSHIP, "post", about=("provider",), kinds=RESELLERS
    ),
    "partners:agreement": Page(Permission.ACCEPT_AGREEMENT, kinds=(Kind.PROVIDER, Kind.RESELLER)),
}
