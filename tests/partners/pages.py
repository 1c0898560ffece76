from portal.accounts.roles import Kind, Permission
from tests.access import Page

RESELLERS = (Kind.RESELLER,)
PARTNERS = (Kind.PROVIDER, Kind.RESELLER)
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
    "partners:request_link": Page(
        Permission.REQUEST_PARTNERSHIP, method="post", about=("request",)
    ),
    "partners:request_remind": Page(
        Permission.REQUEST_PARTNERSHIP, method="post", about=("request",)
    ),
    "partners:request_extend": Page(
        Permission.REQUEST_PARTNERSHIP, method="post", about=("request",)
    ),
    "partners:request_resend": Page(
        Permission.REQUEST_PARTNERSHIP, method="post", about=("request",)
    ),
    "partners:request_again": Page(
        Permission.REQUEST_PARTNERSHIP,
        method="post",
        about=("request",),
        data={"submission": "nonsense"},
    ),
    "partners:letter_list": Page(Permission.EDIT_LETTERS),
    "partners:letter_edit": Page(Permission.EDIT_LETTERS),
    "partners:letter_test": Page(Permission.EDIT_LETTERS, method="post"),
    "partners:letter_remove": Page(Permission.EDIT_LETTERS, method="post"),
    "partners:request_settings": Page(Permission.EDIT_LETTERS),
    "partners:reseller_detail": Page(Permission.VIEW_RESELLERS, about=("reseller",)),
    "partners:provider_list": Page(Permission.VIEW_PROVIDERS, kinds=RESELLERS),
    "partners:profile_detail": Page(Permission.VIEW_COMPANY, kinds=PARTNERS),
    "partners:profile_review": Page(Permission.MANAGE_COMPANY, method="post"),
    "partners:profile_change": Page(Permission.MANAGE_COMPANY, kinds=PARTNERS),
    "partners:identifier_list": Page(Permission.VIEW_COMPANY, kinds=PARTNERS),
    "partners:identifier_add": Page(Permission.MANAGE_COMPANY, kinds=PARTNERS),
    "partners:agreement": Page(Permission.VIEW_COMPANY, kinds=PARTNERS),
    "partners:agreement_text": Page(Permission.VIEW_COMPANY, kinds=PARTNERS),
    "partners:partnership_end": Page(
        Permission.END_PARTNERSHIP, about=("provider",), kinds=RESELLERS
    ),
    "partners:provider_ended": Page(
        Permission.VIEW_PROVIDERS, about=("provider",), kinds=RESELLERS
    ),
    "partners:provider_undo": Page(
        Permission.END_PARTNERSHIP, "post", about=("provider",), kinds=RESELLERS
    ),
}
