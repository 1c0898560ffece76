"""What needs attention on *Home*.

Every line leads to a list, and its number is the number of rows there: both come from the same
filter. Lines are written for those only who may open the list.
"""

from subscriptions.attention import orders, partnerships, people, work
from subscriptions.attention.companies import lacking
from subscriptions.attention.lines import written

OF_PROVIDER = [
    partnerships.EXPIRING,
    partnerships.UNDELIVERED,
    partnerships.UNSIGNED,
    orders.ORDERS_STUCK,
    orders.ORDERS_FAILED,
    orders.ORDERS_WAITING,
    orders.ORDERS_ASKED,
    orders.LICENSES_ASKED,
    work.WITHOUT_RESELLER,
    work.WITHOUT_SUPPORT_CONTACT,
    work.OF_FORMER_PARTNERS,
    work.RENEWALS,
    work.WINDOWS,
    partnerships.GRANTS_ENDING,
    orders.DELIVERIES_FAILED,
    orders.DELIVERIES_UNCERTAIN,
    people.LAST_GLOBAL_ADMIN,
    people.WITHOUT_FACTOR,
    people.INVITED,
]
OF_RESELLER = [
    orders.LICENSES_ASKED,
    work.SUSPENDED,
    work.RENEWALS,
    partnerships.GRANTS_ENDING,
    orders.DELIVERIES_FAILED,
    orders.DELIVERIES_UNCERTAIN,
    people.LAST_GLOBAL_ADMIN,
    people.WITHOUT_FACTOR,
    people.INVITED,
]
OF_CUSTOMER = [
    partnerships.RENEWALS_ASKED,
    orders.DELIVERIES_FAILED,
    orders.DELIVERIES_UNCERTAIN,
]


def of_provider(membership, *, own=False):
    """The lines of a provider's Home: dicts with ``text`` and ``url``; or one's ``own`` alone."""
    return list(written(OF_PROVIDER, membership, own=own))


def of_reseller(membership):
    """What a reseller lacks, and what its customers need."""
    return [*lacking(membership), *written(OF_RESELLER, membership)]


def of_customer(membership):
    """What partners wait for."""
    return list(written(OF_CUSTOMER, membership))
