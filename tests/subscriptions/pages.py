"""The subscriptions app's lines of the access matrix."""

from portal.accounts.roles import Kind
from portal.accounts.roles import Permission as P
from tests.access import Page, users_pages

DRAFT = {"about": ("draft",)}
ORDER = {"about": ("order",)}
EVERYBODY = {"kinds": tuple(Kind)}
ASKED = {"about": ("license_request",)}
TO_ORDER = {"about": ("order_request",)}
PARTNERS = {"kinds": (Kind.PROVIDER, Kind.RESELLER)}
RESELLER = {"about": ("reseller",)}

PAGES = {
    "subscriptions:home": Page(P.VIEW_HOME, **EVERYBODY),
    "subscriptions:first_steps": Page(P.VIEW_HOME, "post", **EVERYBODY),
    "subscriptions:draft_create": Page(P.ADD_CUSTOMER),
    "subscriptions:draft_begin": Page(P.ADD_CUSTOMER, "post"),
    "subscriptions:draft_autosave": Page(P.ADD_CUSTOMER, "post", **DRAFT),
    "subscriptions:draft_take_over": Page(P.ADD_CUSTOMER, "post", **DRAFT),
    "subscriptions:draft_account": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:draft_subscriptions": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:draft_review": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:draft_cancel": Page(P.ADD_CUSTOMER, **DRAFT),
    "subscriptions:customer_subscriptions_export": Page(
        P.VIEW_CUSTOMERS, about=("customer",), kinds=(Kind.PROVIDER, Kind.RESELLER)
    ),
    "subscriptions:customer_subscriptions": Page(
        P.VIEW_SUBSCRIPTIONS, about=("customer",), **EVERYBODY
    ),
    "subscriptions:customer_activity": Page(P.VIEW_CUSTOMERS, about=("customer",), **PARTNERS),
    "subscriptions:customer_activity_export": Page(
        P.VIEW_CUSTOMERS, about=("customer",), **PARTNERS
    ),
    "subscriptions:customer_remove": Page(P.REMOVE_CUSTOMER, about=("customer",)),
    "subscriptions:subscription_add": Page(P.PLACE_ORDER, about=("customer",)),
    "subscriptions:subscription_list": Page(P.VIEW_SUBSCRIPTIONS, **EVERYBODY),
    "subscriptions:subscription_export": Page(
        P.VIEW_CUSTOMERS, kinds=(Kind.PROVIDER, Kind.RESELLER)
    ),
    "subscriptions:subscriptions_change": Page(P.SET_SUPPORT_CONTACT),
    "subscriptions:change_batch": Page(P.SET_SUPPORT_CONTACT, about=("change_batch",)),
    "subscriptions:change_result": Page(P.SET_SUPPORT_CONTACT, about=("change_batch",)),
    "subscriptions:subscription_calendar": Page(P.VIEW_SUBSCRIPTIONS, **EVERYBODY),
    "subscriptions:calendar_end": Page(P.VIEW_SUBSCRIPTIONS, "post", **EVERYBODY),
    "subscriptions:subscription_detail": Page(
        P.VIEW_SUBSCRIPTIONS, about=("subscription",), **EVERYBODY
    ),
    "subscriptions:subscription_upgrade": Page(P.PLACE_ORDER, about=("subscription",)),
    "subscriptions:trial_convert": Page(P.PLACE_ORDER, about=("subscription",)),
    "subscriptions:own_export": Page(P.VIEW_OWN_SERVICES, kinds=(Kind.CUSTOMER,)),
    "subscriptions:support": Page(P.VIEW_OWN_SERVICES, kinds=(Kind.CUSTOMER,)),
    "subscriptions:license_request_list": Page(P.VIEW_SUBSCRIPTIONS, **EVERYBODY),
    "subscriptions:license_request": Page(P.VIEW_SUBSCRIPTIONS, **ASKED, **EVERYBODY),
    "subscriptions:license_request_create": Page(
        P.REQUEST_LICENSES, about=("subscription",), kinds=(Kind.CUSTOMER,)
    ),
    "subscriptions:license_request_approve": Page(
        P.CHANGE_SUBSCRIPTION, "post", **ASKED, kinds=(Kind.PROVIDER, Kind.RESELLER)
    ),
    "subscriptions:license_request_decline": Page(
        P.CHANGE_SUBSCRIPTION, **ASKED, kinds=(Kind.PROVIDER, Kind.RESELLER)
    ),
    "subscriptions:license_request_withdraw": Page(
        P.REQUEST_LICENSES, "post", **ASKED, kinds=(Kind.CUSTOMER,)
    ),
    "subscriptions:order_request_list": Page(P.VIEW_CUSTOMERS, **PARTNERS),
    "subscriptions:order_request_create": Page(
        P.REQUEST_ORDER, about=("customer",), kinds=(Kind.RESELLER,)
    ),
    "subscriptions:order_request": Page(P.VIEW_CUSTOMERS, **TO_ORDER, **PARTNERS),
    "subscriptions:order_request_decline": Page(P.PLACE_ORDER, **TO_ORDER),
    "subscriptions:order_request_withdraw": Page(
        P.REQUEST_ORDER, "post", **TO_ORDER, kinds=(Kind.RESELLER,)
    ),
    "subscriptions:partnership_remove": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:partnership_customers": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:reseller_ended": Page(P.VIEW_RESELLERS, **RESELLER),
    "subscriptions:reseller_undo": Page(P.REMOVE_PARTNERSHIP, "post", **RESELLER),
    "subscriptions:reseller_settle": Page(P.REMOVE_PARTNERSHIP, "post", **RESELLER),
    "subscriptions:message_reseller": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:message_customers": Page(P.REMOVE_PARTNERSHIP, **RESELLER),
    "subscriptions:incentives": Page(P.VIEW_INCENTIVES),
    "subscriptions:incentive_rows": Page(P.VIEW_INCENTIVES),
    "subscriptions:incentive_export": Page(P.VIEW_INCENTIVES),
    "subscriptions:price_list": Page(P.VIEW_PRICES),
    "subscriptions:price_export": Page(P.VIEW_PRICES),
    "subscriptions:order_list": Page(P.PLACE_ORDER),
    "subscriptions:order_detail": Page(P.ADD_CUSTOMER, **ORDER),
    "subscriptions:order_confirmation": Page(P.ADD_CUSTOMER, **ORDER),
    "subscriptions:order_progress": Page(P.ADD_CUSTOMER, **ORDER),
    "subscriptions:order_start": Page(P.ATTEST_AGREEMENT, "post", **ORDER),
    "subscriptions:order_revive": Page(P.RETRY_ORDER, "post", **ORDER),
    "subscriptions:order_cancel": Page(P.PLACE_ORDER, **ORDER),
    "subscriptions:line_retry": Page(P.RETRY_ORDER, "post", **ORDER),
    "subscriptions:line_cancel": Page(P.PLACE_ORDER, "post", **ORDER),
}

PERSON = ("person",)
PAGES |= users_pages(
    "subscriptions",
    {
        "user_list": (P.VIEW_USERS, "get", ()),
        "user_add": (P.MANAGE_USERS, "get", ()),
        "user_licenses": (P.ASSIGN_LICENSES, "get", ()),
        "user_detail": (P.VIEW_USERS, "get", PERSON),
        "user_delete": (P.MANAGE_USERS, "get", PERSON),
        "user_restore": (P.MANAGE_USERS, "post", PERSON),
    },
)
PAGES["subscriptions:own_user_sign_out"] = Page(P.MANAGE_USERS, "post", PERSON, (Kind.CUSTOMER,))
