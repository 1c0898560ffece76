"""The work lists of *Subscriptions*: what there is to do, each a query of the list's own filters.

Tabs, the lines of *Home* and everything else that counts take both the number and the address
from here, so that they agree.
"""

from typing import NamedTuple

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind
from portal.lists import CappedCount, capped_count
from subscriptions.conditions import NOT_OVER, PROVIDER, narrow
from subscriptions.models import Subscription
from subscriptions.resellers import NO_RESELLER

PAGE = "subscriptions:subscription_list"
NOT_FILTERS = {"sort", "per", "saved", "after", "before", "view"}


class WorkList(NamedTuple):
    """``query`` are values of SubscriptionFilter; ``nothing`` is said when no row is left."""

    label: str
    query: dict
    nothing: str
    is_providers: bool = False


WORK_LISTS = {
    "everything": WorkList(_("All"), {}, _("No subscriptions yet")),
    "unsupported": WorkList(
        _("Without support contact"),
        {"support": PROVIDER, "status": NOT_OVER},
        _("Every current subscription has a reseller as support contact."),
        is_providers=True,
    ),
    "unnamed": WorkList(
        _("Without reseller"),
        {"reseller": NO_RESELLER},
        _("Every current subscription names an indirect reseller."),
    ),
    "ended": WorkList(
        _("Partnership ended"),
        {"partnership": "ended"},
        _("Every partner that a current subscription names is still yours."),
        is_providers=True,
    ),
    "renewal": WorkList(
        _("Renewal in 30 days"),
        {"renewal": "soon"},
        _("No subscription renews or ends within 30 days."),
    ),
    "window": WorkList(
        _("Windows closing"),
        {"window": "closing"},
        _("No cancellation window closes within 3 days."),
    ),
    "suspended": WorkList(
        _("Suspended"), {"status": "suspended"}, _("No subscription is suspended.")
    ),
}


def of(membership):
    """The work lists that ``membership`` has, by name."""
    is_provider = membership.organization.kind == Kind.PROVIDER
    return {name: work for name, work in WORK_LISTS.items() if is_provider or not work.is_providers}


def rows(membership, name):
    """The subscriptions in the work list called ``name``."""
    visible = Subscription.objects.visible_to(membership)
    return narrow(visible, WORK_LISTS[name].query, membership)


def count(membership, name):
    """How many they are, as far as lists count."""
    return capped_count(rows(membership, name))


def counts(membership):
    """Their numbers as expressions by name, to ride along with a page's rows."""
    return {f"in_{name}": CappedCount(rows(membership, name)) for name in of(membership)}


def tabs(request, numbers):
    """A tab for each; the current one is the narrowest that the address is within."""
    current, saved = _current(request), request.saved_views
    everything = {"everything": saved.everything_url}
    return [
        {
            "label": work.label,
            "url": everything.get(name) or f"{saved.path}?{urlencode(work.query)}",
            "count": numbers[f"in_{name}"],
            "current": name == current,
        }
        for name, work in of(request.membership).items()
    ]


def nothing(request):
    """What an empty list says: a work list without rows is done, other filters just miss."""
    work = WORK_LISTS[_current(request)]
    is_itself = _filters_of(request) == work.query
    return {"heading": work.nothing} | ({"filtered": work.nothing} if is_itself else {})


def _current(request):
    shown = _filters_of(request).items()
    fitting = (name for name, work in of(request.membership).items() if work.query.items() <= shown)
    return max(fitting, key=lambda name: len(WORK_LISTS[name].query))


def _filters_of(request):
    return {name: value for name, value in request.GET.items() if value and name not in NOT_FILTERS}
