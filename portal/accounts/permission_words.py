"""Every right in plain words: what it lets somebody do, where it belongs, what else must be so.

The sentences go on after "can" and after "the right to"; lists begin them with a capital letter.
A provider's rights are worded differently from a reseller's where it does something else with them.
"""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import GRANTS, Kind, Permission

P = Permission


class Group(models.TextChoices):
    EVERYDAY = "everyday", _("Every day")
    PARTNERSHIPS = "partnerships", _("Partnerships")
    CUSTOMERS = "customers", _("Customers")
    SUBSCRIPTIONS = "subscriptions", _("Subscriptions and orders")
    PEOPLE = "people", _("Customers' users")
    COMPANY = "company", _("Company")
    STAFF = "staff", _("Colleagues and records")


class Words(NamedTuple):
    """``sentence`` is what a right lets somebody do; ``condition`` what must be so besides."""

    group: Group
    sentence: str
    condition: str = ""


DELEGATED = _("Only at customers that give your company delegated admin privileges.")
SWITCHED = _(
    "Only at customers that give your company delegated admin privileges, and only where the "
    "provider lets resellers manage delegated subscriptions."
)
BELOW = _("Only a global admin changes a global admin.")

EVERYDAY, PARTNERSHIPS, CUSTOMERS, SUBSCRIPTIONS, PEOPLE, COMPANY, STAFF = Group

WORDS = {
    P.VIEW_HOME: Words(EVERYDAY, _("open Home and keep views of lists")),
    P.VIEW_DELIVERIES: Words(EVERYDAY, _("see what the portal has sent and carried out")),
    P.RETRY_DELIVERY: Words(EVERYDAY, _("try again what could not be sent or carried out")),
    P.VIEW_RESELLERS: Words(PARTNERSHIPS, _("see indirect resellers and export their list")),
    P.REQUEST_PARTNERSHIP: Words(
        PARTNERSHIPS, _("request a partnership, remind of it and withdraw it")
    ),
    P.REMOVE_PARTNERSHIP: Words(PARTNERSHIPS, _("remove a partnership")),
    P.EDIT_LETTERS: Words(PARTNERSHIPS, _("change the texts of emails to resellers")),
    P.VIEW_PROVIDERS: Words(PARTNERSHIPS, _("see your indirect providers")),
    P.ANSWER_PARTNERSHIP: Words(PARTNERSHIPS, _("accept or decline a partnership request")),
    P.END_PARTNERSHIP: Words(PARTNERSHIPS, _("end a partnership with a provider")),
    P.VIEW_CUSTOMERS: Words(CUSTOMERS, _("see customers and export their list")),
    P.ADD_CUSTOMER: Words(CUSTOMERS, _("add new customers, with what they order first")),
    P.SEE_SETUP_INFO: Words(
        CUSTOMERS,
        _("see the setup info of a new customer once"),
        _("Only whoever submitted the order or reset the password."),
    ),
    P.INVITE_CUSTOMERS: Words(CUSTOMERS, _("request a relationship with an existing customer")),
    P.REQUEST_DELEGATED_ADMIN: Words(CUSTOMERS, _("ask customers for delegated admin privileges")),
    P.EDIT_CUSTOMER: Words(CUSTOMERS, _("change a customer's account info")),
    P.ATTEST_AGREEMENT: Words(
        CUSTOMERS, _("confirm that a customer has accepted the customer agreement")
    ),
    P.TAG_CUSTOMERS: Words(CUSTOMERS, _("put tags on customers")),
    P.MOVE_CUSTOMERS: Words(CUSTOMERS, _("assign customers to another reseller")),
    P.REMOVE_CUSTOMER: Words(CUSTOMERS, _("end the relationship with a customer")),
    P.RESET_ADMIN_PASSWORD: Words(CUSTOMERS, _("reset the password of a customer's first admin")),
    P.VIEW_PARTNER_RELATIONSHIPS: Words(
        PARTNERSHIPS, _("see which partners look after your company, and what they may do")
    ),
    P.ANSWER_RELATIONSHIP: Words(
        PARTNERSHIPS, _("accept partners' requests, and take their rights back")
    ),
    P.ACCEPT_CUSTOMER_AGREEMENT: Words(
        COMPANY, _("accept the customer agreement for your company")
    ),
    P.VIEW_SUBSCRIPTIONS: Words(SUBSCRIPTIONS, _("see subscriptions and export their list")),
    P.VIEW_OWN_SERVICES: Words(SUBSCRIPTIONS, _("see who helps with which subscription")),
    P.RETRY_ORDER: Words(SUBSCRIPTIONS, _("try again what of an order could not be carried out")),
    P.PLACE_ORDER: Words(SUBSCRIPTIONS, _("place and cancel orders for existing customers")),
    P.CHANGE_SUBSCRIPTION: Words(
        SUBSCRIPTIONS, _("change numbers of licenses, suspend and resume subscriptions")
    ),
    P.CHANGE_BILLING: Words(SUBSCRIPTIONS, _("change how often a subscription is billed")),
    P.SET_RESELLER_OF_RECORD: Words(
        SUBSCRIPTIONS, _("enter the reseller (MPN ID) of a subscription")
    ),
    P.SET_SUPPORT_CONTACT: Words(
        SUBSCRIPTIONS, _("choose the designated support contact of a subscription")
    ),
    P.REQUEST_ORDER: Words(SUBSCRIPTIONS, _("ask the provider to order for a customer")),
    P.REQUEST_LICENSES: Words(SUBSCRIPTIONS, _("ask your partner for more or fewer licenses")),
    P.VIEW_PRICES: Words(SUBSCRIPTIONS, _("see pricing and offers")),
    P.VIEW_INCENTIVES: Words(SUBSCRIPTIONS, _("see which subscriptions earn incentives")),
    P.VIEW_USERS: Words(PEOPLE, _("see a customer's users and their licenses"), DELEGATED),
    P.MANAGE_USERS: Words(
        PEOPLE, _("add, change, delete and restore a customer's users"), DELEGATED
    ),
    P.RESET_USER_PASSWORD: Words(PEOPLE, _("reset the password of a customer's user"), DELEGATED),
    P.ASSIGN_LICENSES: Words(PEOPLE, _("assign licenses to a customer's users"), DELEGATED),
    P.MANAGE_GLOBAL_ADMINS: Words(PEOPLE, _("change a customer's global admins"), DELEGATED),
    P.VIEW_OWN_USERS: Words(
        PEOPLE, _("open the list of your company's users, and see what each of them can do")
    ),
    P.VIEW_COMPANY: Words(COMPANY, _("see the company profile, identifiers and agreements")),
    P.MANAGE_COMPANY: Words(COMPANY, _("change the company profile and the identifiers")),
    P.ACCEPT_AGREEMENT: Words(COMPANY, _("sign the partner agreement for your company")),
    P.VIEW_ACTIVITY: Words(STAFF, _("open the activity log")),
    P.VIEW_ADDRESSES: Words(STAFF, _("see from which IP addresses colleagues worked")),
    P.VIEW_ALL_ACTIVITY: Words(STAFF, _("see in the activity log what colleagues did")),
    P.VIEW_STAFF: Words(STAFF, _("see colleagues and what each of them can do")),
    P.VIEW_SECURITY: Words(STAFF, _("see what holds for everybody's sign-in")),
    P.MANAGE_SECURITY: Words(STAFF, _("decide what holds for everybody's sign-in")),
    P.MANAGE_STAFF: Words(
        STAFF,
        _("add colleagues, give and take roles, reset passwords"),
        BELOW,
    ),
}

# What some rights mean on one side alone: (sentence, condition).
OF_KIND = {
    Kind.RESELLER: {
        P.RESET_ADMIN_PASSWORD: (WORDS[P.RESET_ADMIN_PASSWORD].sentence, DELEGATED),
        P.CHANGE_SUBSCRIPTION: (WORDS[P.CHANGE_SUBSCRIPTION].sentence, SWITCHED),
        P.VIEW_CUSTOMERS: (_("see the customers you look after and export their list"), ""),
        P.VIEW_SUBSCRIPTIONS: (_("see the subscriptions of the customers you look after"), ""),
        P.INVITE_CUSTOMERS: (_("invite customers for your company and a provider at once"), ""),
    },
    Kind.CUSTOMER: {
        P.VIEW_SUBSCRIPTIONS: (_("see your company's subscriptions"), ""),
        P.VIEW_USERS: (_("see your company's users and their licenses"), ""),
        P.MANAGE_USERS: (_("add, change, delete and restore your company's users"), BELOW),
        P.RESET_USER_PASSWORD: (_("reset the password of your company's users"), BELOW),
        P.ASSIGN_LICENSES: (_("assign licenses to your company's users"), ""),
        P.MANAGE_GLOBAL_ADMINS: (_("change your company's global admins"), ""),
    },
}


def words_of(permission, kind):
    """The Words of ``permission`` in an organization of this kind."""
    words = WORDS[permission]
    return Words(words.group, *OF_KIND.get(kind, {}).get(permission, words[1:]))


def of_kind(kind):
    """The permissions that some role of this kind of organization gives, in the table's order."""
    given = frozenset().union(*GRANTS[kind].values())
    return [permission for permission in Permission if permission in given]
