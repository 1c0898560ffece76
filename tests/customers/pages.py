"""The customers app's lines of the access matrix."""

from portal.accounts.roles import Kind
from portal.accounts.roles import Permission as P
from tests.access import Page

ABOUT = {"about": ("customer",)}
ASKED = {"about": ("relationship_request",)}
PARTNERS = {"kinds": (Kind.PROVIDER, Kind.RESELLER)}

PAGES = {
    "customers:customer_list": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "customers:customer_detail": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:customer_panel": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:customer_account": Page(P.VIEW_CUSTOMERS, **ABOUT, **PARTNERS),
    "customers:domain_check": Page(P.ADD_CUSTOMER),
    "customers:twin_check": Page(P.ADD_CUSTOMER),
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
