"""The work lists of *Subscriptions* that somebody should look at soon."""

from functools import partial

from django.utils.translation import ngettext_lazy

from portal.accounts.roles import Permission as P
from subscriptions import worklists
from subscriptions.attention.lines import Line


def _line(name, words):
    query = worklists.WORK_LISTS[name].query
    rows = partial(worklists.rows, name=name)
    owner = "customer__created_by"
    return Line(P.VIEW_SUBSCRIPTIONS, words, rows, worklists.PAGE, query, owner=owner)


WITHOUT_RESELLER = _line(
    "unnamed",
    ngettext_lazy(
        "%(number)s subscription has no indirect reseller",
        "%(number)s subscriptions have no indirect reseller",
        "number",
    ),
)
WITHOUT_SUPPORT_CONTACT = _line(
    "unsupported",
    ngettext_lazy(
        "%(number)s subscription has no reseller as designated support contact",
        "%(number)s subscriptions have no reseller as designated support contact",
        "number",
    ),
)
OF_FORMER_PARTNERS = _line(
    "ended",
    ngettext_lazy(
        "%(number)s subscription names a partner whose partnership has ended",
        "%(number)s subscriptions name a partner whose partnership has ended",
        "number",
    ),
)
RENEWALS = _line(
    "renewal",
    ngettext_lazy(
        "%(number)s subscription renews or ends within 30 days",
        "%(number)s subscriptions renew or end within 30 days",
        "number",
    ),
)
WINDOWS = _line(
    "window",
    ngettext_lazy(
        "%(number)s subscription has a cancellation window that closes within 3 days",
        "%(number)s subscriptions have a cancellation window that closes within 3 days",
        "number",
    ),
)
SUSPENDED = _line(
    "suspended",
    ngettext_lazy(
        "%(number)s subscription is suspended", "%(number)s subscriptions are suspended", "number"
    ),
)
