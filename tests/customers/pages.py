"""The customers app's lines of the access matrix."""

from portal.accounts.roles import Kind
from portal.accounts.roles import Permission as P
from tests.access import Page, users_pages

ABOUT = {"about": ("customer",)}
ASKED = {"about": ("relationship_request",)}
PARTNERS = {"kinds": (Kind.PROVIDER, Kind.RESELLER)}

PAGES = {
    "customers:customer_list": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:customer_detail": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:customer_panel": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:customer_account": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:domain_check": Page(P.ADD_CUSTOMER),
    "customers:country_fields": Page(P.ADD_CUSTOMER),
    "customers:setup_info": Page(P.ADD_CUSTOMER, **ABOUT),
    "customers:setup_info_reveal": Page(P.ADD_CUSTOMER, "post", **ABOUT),
    "customers:admin_password_reset": Page(P.RESET_ADMIN_PASSWORD, **ABOUT),
    "customers:relationship_list": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:relationship_create": Page(P.INVITE_CUSTOMERS, "post", **PARTNERS),
    "customers:relationship_detail": Page(P.VIEW_CUSTOMERS, **ASKED, **PARTNERS),
    "customers:relationship_draft": Page(P.INVITE_CUSTOMERS, **ASKED),
    "customers:relationship_withdraw": Page(P.INVITE_CUSTOMERS, **ASKED),
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
