"""The customers app's lines of the access matrix."""

from portal.accounts.roles import Kind
from portal.accounts.roles import Permission as P
from tests.access import Page, users_pages

ABOUT = {"about": ("customer",)}
ASKED = {"about": ("relationship_request",)}
GRANT = {"about": ("grant",), "kinds": (Kind.CUSTOMER,)}
PARTNERS = {"kinds": (Kind.PROVIDER, Kind.RESELLER)}

PAGES = {
    "customers:customer_list": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:customer_export": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:customers_move": Page(P.MOVE_CUSTOMERS),
    "customers:move_batch": Page(P.MOVE_CUSTOMERS, about=("move_batch",)),
    "customers:move_result": Page(P.MOVE_CUSTOMERS, about=("move_batch",)),
    "customers:customer_tags": Page(P.TAG_CUSTOMERS, **ABOUT),
    "customers:customer_untag": Page(P.TAG_CUSTOMERS, "post", **ABOUT),
    "customers:customer_detail": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:customer_panel": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:customer_account": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:domain_check": Page(P.ADD_CUSTOMER),
    "customers:twin_check": Page(P.ADD_CUSTOMER),
    "customers:country_fields": Page(P.ADD_CUSTOMER),
    "customers:company_edit": Page(P.EDIT_CUSTOMER, **ABOUT),
    "customers:contact_edit": Page(P.EDIT_CUSTOMER, **ABOUT),
    "customers:language_edit": Page(P.EDIT_CUSTOMER, **ABOUT),
    "customers:qualification_edit": Page(P.EDIT_CUSTOMER, **ABOUT),
    "customers:agreement_confirm": Page(P.ATTEST_AGREEMENT, **ABOUT),
    "customers:own_agreement": Page(P.VIEW_PARTNER_RELATIONSHIPS, kinds=(Kind.CUSTOMER,)),
    "customers:setup_info": Page(P.SEE_SETUP_INFO, **ABOUT, **PARTNERS),
    "customers:setup_info_reveal": Page(P.SEE_SETUP_INFO, "post", **ABOUT, **PARTNERS),
    "customers:admin_password_reset": Page(P.RESET_ADMIN_PASSWORD, **ABOUT, **PARTNERS),
    "customers:relationship_list": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:relationship_create": Page(P.INVITE_CUSTOMERS, "post", **PARTNERS),
    "customers:relationship_detail": Page(P.VIEW_CUSTOMERS, **ASKED, **PARTNERS),
    "customers:relationship_draft": Page(P.INVITE_CUSTOMERS, **ASKED),
    "customers:relationship_remind": Page(P.INVITE_CUSTOMERS, "post", **ASKED),
    "customers:relationship_extend": Page(P.INVITE_CUSTOMERS, "post", **ASKED),
    "customers:relationship_withdraw": Page(P.INVITE_CUSTOMERS, **ASKED),
    "customers:grant_list": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:grant_export": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:grant_renew": Page(P.REQUEST_DELEGATED_ADMIN, **PARTNERS),
    "customers:renewal_automatic": Page(P.REQUEST_DELEGATED_ADMIN, "post", **PARTNERS),
    "customers:grant_remove": Page(P.ANSWER_RELATIONSHIP, **GRANT),
    "customers:renewal_answer": Page(P.ANSWER_RELATIONSHIP, "post", **GRANT),
    "customers:owner_list": Page(P.VIEW_PARTNER_RELATIONSHIPS, kinds=(Kind.CUSTOMER,)),
    "customers:owner_give": Page(P.ANSWER_RELATIONSHIP, kinds=(Kind.CUSTOMER,)),
    "customers:owner_revoke": Page(
        P.ANSWER_RELATIONSHIP, about=("tenant_owner",), kinds=(Kind.CUSTOMER,)
    ),
    "customers:partner_list": Page(P.VIEW_PARTNER_RELATIONSHIPS, kinds=(Kind.CUSTOMER,)),
}

# Pages about users: below the customer for partners, of its own for the customer's staff.
FILE = ("upload",)
PERSON = ("person",)
USERS = {
    "upload_create": (P.MANAGE_USERS, "get", ()),
    "upload_template": (P.MANAGE_USERS, "get", ()),
    "upload_detail": (P.MANAGE_USERS, "get", FILE),
    "upload_save": (P.MANAGE_USERS, "post", FILE),
    "upload_discard": (P.MANAGE_USERS, "post", FILE),
    "upload_result": (P.MANAGE_USERS, "get", FILE),
    "upload_passwords": (P.RESET_USER_PASSWORD, "post", FILE),
    "user_invite": (P.MANAGE_USERS, "get", PERSON),
    "user_invitation_withdraw": (P.MANAGE_USERS, "get", PERSON),
    "user_reset": (P.RESET_USER_PASSWORD, "get", PERSON),
    "user_password": (P.RESET_USER_PASSWORD, "get", PERSON),
    "user_password_reveal": (P.RESET_USER_PASSWORD, "post", PERSON),
}
PAGES |= users_pages("customers", USERS)
# Files are the business of the company whose staff uploaded them, here the provider's.
for name in ("detail", "save", "discard", "result"):
    PAGES[f"customers:upload_{name}"].kinds = (Kind.PROVIDER,)
    PAGES[f"customers:own_upload_{name}"].kinds = ()
# Passwords are made when all users are there, which this file's are not.
PAGES["customers:upload_passwords"].refuses = 409
PAGES["customers:upload_passwords"].kinds = (Kind.PROVIDER,)
PAGES["customers:own_upload_passwords"].kinds = ()
