"""What a person decides about the life of a subscription: its renewal, its end, a trial's future.

``domain.md`` 2.10; decisions 25 and 26. All of them take the ``version`` the person saw and raise
Stale when the subscription has changed since, and InvalidTransition where it can't be done any more
or the customer is gone.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from subscriptions import terms
from subscriptions.buying import Buyer
from subscriptions.license_rules import check_limits
from subscriptions.models import LicenseRequest, Subscription
from subscriptions.quantities import check_quantity
from subscriptions.services.changes import StillAssigned, hold_current
from subscriptions.services.families import move
from subscriptions.services.promises import hold_promised

Status = Subscription.Status


class LifeRefused(Exception):
    """It can't be decided so; ``reason`` says why, for people, and ``field`` names the input."""

    def __init__(self, reason, field=None):
        self.reason, self.field = reason, field
        super().__init__(reason)


@transaction.atomic
def change_renewal(subscription, *, actor, version, auto_renew, quantity=None, term="", billing=""):
    """Whether the subscription renews at the end of its term, and as what.

    ``quantity`` (licenses), ``term`` and ``billing`` are those of the next term; empty means that
    they stay as they are. Fewer licenses than users have can be planned: on that day they keep
    what they still have. Without renewal nothing is planned. Returns (subscription, whether
    anything changed); raises LifeRefused where that is not sold.
    """
    promised = hold_promised(subscription)
    locked = hold_current(subscription, version)
    if not locked.is_running:
        raise InvalidTransition(locked, Status.ACTIVE)
    wanted = terms.NOTHING_PLANNED | {"auto_renew": auto_renew}
    if auto_renew:
        _refuse_renewal(locked, quantity, term, billing)
        wanted |= _plan(locked, quantity, term, billing)
    if wanted["renewal_quantity"]:
        for request in promised:  # what was approved before gives way
            transition(request, LicenseRequest.Status.EXPIRED, actor=actor)
    return locked, _write(locked, wanted, actor)


@transaction.atomic
def cancel_subscription(subscription, *, actor, version):
    """End it at once, with its add-ons, while its cancellation window is open.

    The days that were paid and not used are credited (``periods.credit_of``): the ``credit`` of the
    subscription that is returned. Raises LifeRefused, with the date, when it is too late.
    """
    locked = hold_current(subscription, version, ending=True)
    if not locked.is_running:
        raise InvalidTransition(locked, Status.CANCELLED)
    if not locked.can_be_cancelled:
        raise LifeRefused(too_late_to_cancel(locked))
    return move(locked, Status.CANCELLED, actor=actor)


@transaction.atomic
def convert_trial(subscription, *, actor, version, offer, quantity):
    """Make a paid subscription of ``offer`` out of a trial: it keeps its id and its users.

    ``offer`` is one of ``paid_offers(subscription)``. Its first term begins today, at the price of
    today. Returns the subscription. Raises LifeRefused for another offer or an impossible number,
    StillAssigned when users have more licenses than that.
    """
    locked = hold_current(subscription, version)
    if not (locked.offer.is_trial and locked.status == Status.ACTIVE):
        raise InvalidTransition(locked, Status.ACTIVE)
    bought = _refuse_purchase(locked, offer, quantity)
    if quantity < locked.assigned:
        raise StillAssigned(locked)
    before = terms.in_words(locked)
    paid = terms.new_term(locked, bought, quantity=quantity, start=localdate())
    terms.begin(locked, paid | {"name": bought.name, "auto_renew": True})
    after = terms.in_words(locked)
    record("subscription.converted", actor=actor, target=locked, before=before, after=after)
    return locked


def paid_offers(subscription, quantities=None):
    """What a trial can become: the offers the catalogue names, or those of the same product.

    ``quantities`` (offer id -> licenses) say for how many their prices are.
    """
    offers = Buyer.of_customer(subscription.customer).offers(quantities).filter(is_available=True)
    offers = offers.exclude(price=None).filter(is_trial=False, is_add_on=False)
    if named := subscription.offer.conversions:
        return offers.filter(sku_id__in=named)
    return offers.filter(product=subscription.offer.product_id, product__isnull=False)


def too_late_to_cancel(subscription):
    """Why it can't be cancelled any more, with what can be done instead."""
    words = _(
        "It could be cancelled until %(day)s. Turn off automatic renewal to end it on %(end)s."
    )
    if subscription.upgraded_in_term:
        words = _(
            "After an upgrade it can't be cancelled. Turn off automatic renewal to end it on "
            "%(end)s."
        )
    days = {"day": subscription.last_day_to_cancel, "end": subscription.ends_on}
    return words % {name: date_format(day, "DATE_FORMAT") for name, day in days.items() if day}


def _refuse_renewal(subscription, quantity, term, billing):
    if subscription.offer.is_trial:
        reason = _("A trial does not renew: convert it to a paid subscription.")
        raise LifeRefused(reason, "auto_renew")
    offer = terms.sold_as(subscription, term=term, billing=billing)
    if (term or billing) and offer is None:
        raise LifeRefused(_("It is not sold for this term with this billing plan."), "term")
    if quantity is None or quantity == subscription.quantity:
        return
    try:
        if offer is None:
            check_limits(subscription, quantity)
        else:
            low, high = offer.min_quantity, offer.max_quantity
            check_quantity(quantity, name=subscription.name, low=low, high=high)
    except ValidationError as error:
        raise LifeRefused(" ".join(error.messages), "quantity") from error


def _plan(subscription, quantity, term, billing):
    """The plan as it is stored: what stays as it is, is not planned."""
    return {
        "renewal_quantity": None if quantity == subscription.quantity else quantity,
        "renewal_term": "" if term == subscription.term else term,
        "renewal_billing": "" if billing == subscription.billing else billing,
    }


def _refuse_purchase(subscription, offer, quantity):
    """The offer with its price of today; raises LifeRefused where it can't be bought."""
    priced = min(max(quantity, offer.min_quantity), offer.max_quantity)  # else refused below
    bought = paid_offers(subscription, {offer.pk: priced}).filter(pk=offer.pk).first()
    if bought is None:
        raise LifeRefused(_("This trial can't be converted to that offer."), "offer")
    problems = Buyer.of_customer(subscription.customer).problems({bought: quantity})
    if problems:
        raise LifeRefused(problems[bought], "quantity")
    return bought


def _write(subscription, wanted, actor):
    old = {name: getattr(subscription, name) for name in wanted}
    if old == wanted:
        return False
    for name, value in wanted.items():
        setattr(subscription, name, value)
    subscription.reminded_for = None  # there may be another day to be reminded of
    subscription.version += 1
    subscription.changed_at = now()
    subscription.save(update_fields=[*wanted, "reminded_for", "version", "changed_at"])
    before, after = _plan_in_words(old), _plan_in_words(wanted)
    record("subscription.planned", actor=actor, target=subscription, before=before, after=after)
    return True


def _plan_in_words(plan):
    """What the record keeps: "renews, licenses 20", "ends"."""
    if not plan["auto_renew"]:
        return "ends"
    names = {"renewal_quantity": "licenses", "renewal_term": "term", "renewal_billing": "billing"}
    parts = [f"{word} {plan[name]}" for name, word in names.items() if plan[name]]
    return ", ".join(["renews", *parts])
