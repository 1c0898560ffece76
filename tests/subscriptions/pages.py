"""The subscriptions app's lines of the access matrix."""

from portal.accounts.roles import Kind
from portal.accounts.roles import Permission as P
from tests.access import Page

DRAFT = {"about": ("draft",)}
ORDER = {"about": ("order",)}
EVERYBODY = {"kinds": tuple(Kind)}
RESELLER = {"about": ("reseller",)}

PAGES = {
    "subscriptions:home": Page(P.VIEW_HOME, **EVERYBODY),
    "subscriptions:draft_create": Page(P.ADD_CUSTOMER),
    "subscriptions:draft_begin": Page(P.ADD_CUSTOMER, "post"),
    "subscriptions:draft_autosave": Page(P.ADD_CUSTOMER, "post", **DRAFT),
    "subscriptions:draft_take_over": Page(P.ADD_CUSTOMER, "post", **DRAFT),
    "subscriptions:draft_account": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:draft_subscriptions": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:draft_review": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:draft_cancel": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:customer_subscriptions": Page(
        P.VIEW_SUBSCRIPTIONS, about=("customer",), **EVERYBODY
    ),
    "subscriptions:subscription_add": Page(P.PLACE_ORDER, about=("customer",)),
    "subscriptions:subscription_list": Page(P.VIEW_SUBSCRIPTIONS, **EVERYBODY),
    "subscriptions:subscription_detail": Page(
        P.VIEW_SUBSCRIPTIONS, about=("subscription",), **EVERYBODY
    ),
    "subscriptions:partnership_remove": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:partnership_customers": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:reseller_ended": Page(P.VIEW_RESELLERS, **RESELLER),
    "subscriptions:reseller_undo": Page(P.REMOVE_PARTNERSHIP, "post", **RESELLER),
    "subscriptions:reseller_settle": Page(P.REMOVE_PARTNERSHIP, "post", **RESELLER),
    "subscriptions:message_reseller": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:message_customers": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:order_list": Page(P.PLACE_ORDER),
    "subscriptions:order_detail": Page(P.ADD_CUSTOMER, **ORDER),
    "subscriptions:order_confirmation": Page(P.ADD_CUSTOMER, **ORDER),
    "subscriptions:order_progress": Page(P.ADD_CUSTOMER, **ORDER),
    "subscriptions:order_start": Page(P.ATTEST_AGREEMENT, "post", **ORDER),
    "subscriptions:order_cancel": Page(P.PLACE_ORDER, **ORDER),
    "subscriptions:line_retry": Page(P.RETRY_DELIVERY, "post", **ORDER),
    "subscriptions:line_cancel": Page(P.PLACE_ORDER, "post", **ORDER),
}
