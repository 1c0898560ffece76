"""What an add-on belongs to: a subscription the customer has, or another one of the same order.

An add-on needs an active base; where its offer names prerequisites, one of those (``domain.md``
4.6, 4.7). With one possible base there is nothing to choose.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from subscriptions.models import Offer, Subscription
from subscriptions.quantities import in_words


class Base(NamedTuple):
    """One possible base; ``key`` is how forms, addresses and drafts call it: "s12" or "o34"."""

    key: str
    offer: Offer
    subscription: Subscription | None = None  # None: it is ordered together with the add-on

    def __str__(self):
        """As a list of choices says it."""
        if self.subscription is None:
            return _("%(name)s, in this order") % {"name": self.offer.name}
        facts = {"reference": self.subscription.reference, "name": self.subscription.name}
        facts["number"] = in_words(self.subscription.quantity)
        return _("%(name)s (%(reference)s, licenses: %(number)s)") % facts


def active_bases(customer):
    """What the customer has that add-ons can belong to, oldest first; nobody has nothing."""
    if customer is None:
        return []
    active = Subscription.objects.filter(customer=customer, status=Subscription.Status.ACTIVE)
    bases = active.filter(offer__is_add_on=False).select_related("offer")
    return list(bases.order_by("created_at", "pk"))


def possible_bases(add_on, *, active, ordered):
    """The Bases of the offer ``add_on``; what is ordered with it comes first.

    ``active`` are subscriptions of the customer, ``ordered`` the offers of the order.
    """
    here = [Base(f"o{offer.pk}", offer) for offer in ordered if _fits(add_on, offer)]
    there = [Base(f"s{one.pk}", one.offer, one) for one in active if _fits(add_on, one.offer)]
    return here + there


def choose_bases(offers, *, active, wanted):
    """The Base of each add-on among ``offers``, and what is wrong: two dicts by offer.

    ``wanted`` maps ids of offers to keys; where there is one possible base only, it goes without
    saying.
    """
    found, problems = {}, {}
    for add_on in (offer for offer in offers if offer.is_add_on):
        possible = possible_bases(add_on, active=active, ordered=offers)
        named = [base for base in possible if base.key == wanted.get(add_on.pk)]
        chosen = named or (possible if len(possible) == 1 else [])
        if chosen:
            found[add_on] = chosen[0]
        else:
            problems[add_on] = _problem(add_on, possible)
    return found, problems


def _fits(add_on, offer):
    needed = add_on.prerequisites
    return not offer.is_add_on and (not needed or offer.sku_id in needed)


def _problem(add_on, possible):
    if possible:
        return _("Select what %(name)s belongs to") % {"name": add_on.name}
    words = _("%(name)s is an add-on of another subscription, which must be active or ordered too")
    return words % {"name": add_on.name}
