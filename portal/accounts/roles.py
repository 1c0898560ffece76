"""Who may do what. Views, menus, refusals and the tests all read this one table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PROVIDER = "provider", _("Indirect provider")
    RESELLER = "reseller", _("Indirect reseller")
    CUSTOMER = "customer", _("Customer")


class Role(models.TextChoices):
    GLOBAL_ADMIN = "global_admin", _("Global admin")
    USER_ADMIN = "user_admin", _("User admin")
    ADMIN_AGENT = "admin_agent", _("Admin agent")
    SALES_AGENT = "sales_agent", _("Sales agent")


class Permission(models.TextChoices):
    VIEW_HOME = "view_home"
    VIEW_RESELLERS = "view_resellers"
    REQUEST_PARTNERSHIP = "request_partnership"
    REMOVE_PARTNERSHIP = "remove_partnership"
    EDIT_LETTERS = "edit_letters"
    VIEW_PROVIDERS = "view_providers"
    ANSWER_PARTNERSHIP = "answer_partnership"
    END_PARTNERSHIP = "end_partnership"
    ACCEPT_AGREEMENT = "accept_agreement"
    VIEW_COMPANY = "view_company"
    MANAGE_COMPANY = "manage_company"
    VIEW_CUSTOMERS = "view_customers"
    ADD_CUSTOMER = "add_customer"
    TAG_CUSTOMERS = "tag_customers"
    MOVE_CUSTOMERS = "move_customers"
    INVITE_CUSTOMERS = "invite_customers"
    REQUEST_DELEGATED_ADMIN = "request_delegated_admin"
    ATTEST_AGREEMENT = "attest_agreement"
    EDIT_CUSTOMER = "edit_customer"
    REMOVE_CUSTOMER = "remove_customer"
    RESET_ADMIN_PASSWORD = "reset_admin_password"
    SEE_SETUP_INFO = "see_setup_info"
    VIEW_USERS = "view_users"
    VIEW_OWN_USERS = "view_own_users"
    MANAGE_USERS = "manage_users"
    MANAGE_GLOBAL_ADMINS = "manage_global_admins"
    RESET_USER_PASSWORD = "reset_user_password"
    ASSIGN_LICENSES = "assign_licenses"
    VIEW_SUBSCRIPTIONS = "view_subscriptions"
    VIEW_PRICES = "view_prices"
    PLACE_ORDER = "place_order"
    CHANGE_SUBSCRIPTION = "change_subscription"
    CHANGE_BILLING = "change_billing"
    SET_RESELLER_OF_RECORD = "set_reseller_of_record"
    SET_SUPPORT_CONTACT = "set_support_contact"
    REQUEST_LICENSES = "request_licenses"
    VIEW_INCENTIVES = "view_incentives"
    REQUEST_ORDER = "request_order"
    VIEW_OWN_SERVICES = "view_own_services"
    VIEW_ACTIVITY = "view_activity"
    VIEW_ALL_ACTIVITY = "view_all_activity"
    VIEW_ADDRESSES = "view_addresses"
    VIEW_STAFF = "view_staff"
    MANAGE_STAFF = "manage_staff"
    VIEW_SECURITY = "view_security"
    MANAGE_SECURITY = "manage_security"
    VIEW_DELIVERIES = "view_deliveries"
    RETRY_DELIVERY = "retry_delivery"
    RETRY_ORDER = "retry_order"
    VIEW_PARTNER_RELATIONSHIPS = "view_partner_relationships"
    ANSWER_RELATIONSHIP = "answer_relationship"
    ACCEPT_CUSTOMER_AGREEMENT = "accept_customer_agreement"


P = Permission

# What an operator who sees the portal as somebody else never may, whatever that person may.
NEVER_AS_SOMEBODY_ELSE = {
    P.SEE_SETUP_INFO,
    P.RESET_ADMIN_PASSWORD,
    P.RESET_USER_PASSWORD,
    P.MANAGE_USERS,
    P.MANAGE_GLOBAL_ADMINS,
    P.MANAGE_STAFF,
    P.MANAGE_SECURITY,
}

# What was sent for one's own organization, and having it sent again.
DELIVERIES = {P.VIEW_DELIVERIES, P.RETRY_DELIVERY}

# Everybody with a role, by kind of organization.
PROVIDER_STAFF = DELIVERIES | {
    P.VIEW_HOME,
    P.VIEW_RESELLERS,
    P.REQUEST_PARTNERSHIP,
    P.VIEW_COMPANY,
    P.VIEW_CUSTOMERS,
    P.ADD_CUSTOMER,
    P.SEE_SETUP_INFO,
    P.VIEW_SUBSCRIPTIONS,
    P.VIEW_INCENTIVES,
    P.VIEW_PRICES,
    P.VIEW_ACTIVITY,
    P.RETRY_ORDER,
}
RESELLER_STAFF = DELIVERIES | {
    P.VIEW_HOME,
    P.VIEW_PROVIDERS,
    P.VIEW_COMPANY,
    P.VIEW_CUSTOMERS,
    P.VIEW_SUBSCRIPTIONS,
    P.VIEW_ACTIVITY,
}
CUSTOMER_STAFF = {
    P.VIEW_HOME,
    P.VIEW_SUBSCRIPTIONS,
    P.VIEW_OWN_SERVICES,
    P.VIEW_PARTNER_RELATIONSHIPS,
}

SELLING = {
    P.REMOVE_PARTNERSHIP,
    P.INVITE_CUSTOMERS,
    P.EDIT_CUSTOMER,
    P.ATTEST_AGREEMENT,
    P.PLACE_ORDER,
    P.CHANGE_SUBSCRIPTION,
    P.SET_RESELLER_OF_RECORD,
    P.SET_SUPPORT_CONTACT,
    P.TAG_CUSTOMERS,
    P.MOVE_CUSTOMERS,
}

# Agents who administer: what sales staff may not do.
ADMINISTERING = {
    P.RESET_ADMIN_PASSWORD,
    P.REMOVE_CUSTOMER,
    P.EDIT_LETTERS,
    P.REQUEST_DELEGATED_ADMIN,
    P.CHANGE_BILLING,
}
# What resellers may do for customers that have granted them delegated admin privileges.
DELEGATED = {
    P.CHANGE_SUBSCRIPTION,
    P.RESET_ADMIN_PASSWORD,
    P.SEE_SETUP_INFO,
    P.REQUEST_ORDER,  # buying itself stays with the provider (domain.md 1b)
}
# Resellers who invite customers may ask for everything that can be asked for.
INVITING = {P.INVITE_CUSTOMERS, P.REQUEST_DELEGATED_ADMIN}
# Customers' users (domain.md 1a, rows 20 to 23); helpdesk agents will reset passwords, too.
LICENSING = {P.VIEW_USERS, P.ASSIGN_LICENSES}
USERS = LICENSING | {P.MANAGE_USERS, P.RESET_USER_PASSWORD}
OWN_USERS = USERS | {P.VIEW_OWN_USERS}
ADMINS = {P.MANAGE_GLOBAL_ADMINS}
# Those who may read what colleagues did, and who works here (ux.md 1.4).
OVERSEEING = {P.VIEW_ALL_ACTIVITY, P.VIEW_STAFF}
STAFFING = OVERSEEING | {P.MANAGE_STAFF}
# What holds for everybody's sign-in (ux.md 2.19): user admins read what global admins decide.
SECURING = {P.VIEW_SECURITY, P.MANAGE_SECURITY}
OWN_ACTIVITY = {P.VIEW_ACTIVITY, P.VIEW_ALL_ACTIVITY}
# From which IP addresses colleagues worked.
TRACING = {P.VIEW_ADDRESSES}
COMPANY = {P.ACCEPT_AGREEMENT, P.MANAGE_COMPANY}

GRANTS = {
    Kind.PROVIDER: {
        Role.GLOBAL_ADMIN: PROVIDER_STAFF
        | SELLING
        | ADMINISTERING
        | COMPANY
        | USERS
        | ADMINS
        | STAFFING
        | SECURING
        | TRACING,
        Role.USER_ADMIN: PROVIDER_STAFF | USERS | STAFFING | {P.VIEW_SECURITY},
        Role.ADMIN_AGENT: PROVIDER_STAFF | SELLING | ADMINISTERING | USERS | OVERSEEING,
        Role.SALES_AGENT: PROVIDER_STAFF | SELLING | LICENSING,
    },
    # Resellers look after delegated customers; they never buy and never hire sales agents here.
    Kind.RESELLER: {
        Role.GLOBAL_ADMIN: RESELLER_STAFF
        | COMPANY
        | {P.ANSWER_PARTNERSHIP, P.END_PARTNERSHIP}
        | DELEGATED
        | INVITING
        | USERS
        | STAFFING
        | SECURING
        | TRACING,
        Role.USER_ADMIN: RESELLER_STAFF | STAFFING | {P.VIEW_SECURITY},
        # They finish setting the account up and add users (domain.md 1b).
        Role.ADMIN_AGENT: RESELLER_STAFF | INVITING | DELEGATED | USERS | STAFFING,
    },
    Kind.CUSTOMER: {
        Role.GLOBAL_ADMIN: CUSTOMER_STAFF
        | {P.ANSWER_RELATIONSHIP, P.ACCEPT_CUSTOMER_AGREEMENT, P.REQUEST_LICENSES}
        | OWN_USERS
        | OWN_ACTIVITY
        | DELIVERIES
        | ADMINS
        | SECURING
        | TRACING,
        Role.USER_ADMIN: CUSTOMER_STAFF
        | {P.REQUEST_LICENSES, P.VIEW_SECURITY}
        | OWN_USERS
        | OWN_ACTIVITY
        | DELIVERIES,
    },
}

# Rights that an organization may keep for these roles (its Security page; ux.md D1).
NARROWED = {P.REMOVE_PARTNERSHIP: {Role.GLOBAL_ADMIN, Role.ADMIN_AGENT}}


def permissions_of(kind, roles, *, narrowed=False):
    """All permissions that ``roles`` give together in an organization of this kind.

    ``narrowed``: where the organization keeps what is in NARROWED for fewer roles.
    """
    held = frozenset().union(*(GRANTS[kind].get(role, ()) for role in roles))
    return held - {p for p, kept in NARROWED.items() if narrowed and not kept & set(roles)}


def roles_with(kind, permission, *, narrowed=False):
    """The roles of this kind of organization that hold ``permission``, most powerful first."""
    return [role for role in Role if permission in permissions_of(kind, [role], narrowed=narrowed)]
