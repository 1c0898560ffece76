"""The memory of the new-customer wizard, and what becomes of it.

Nothing outside the draft exists before it is submitted: no tenant, no reserved domain, no order.
"""

import hashlib
import json

from django.db import transaction

from customers.forms import CustomerAccountForm
from customers.services import DomainTaken, add_customer
from partners.models import Partnership
from subscriptions.buying import Buyer
from subscriptions.models import OrderDraft
from subscriptions.services.memory import check_unchanged, own_draft
from subscriptions.services.orders import PricesChanged, place_order


class AccountRefused(Exception):
    """What was entered about the customer is not right any more; ``form`` says why."""

    def __init__(self, form):
        self.form = form
        super().__init__(form.errors.as_text())


class OrderChanged(Exception):
    """The draft is not what the person saw on Review: it was changed in another tab."""


class OffersChanged(Exception):
    """Another tab has chosen other offers since this page was opened; ``draft`` is as it is."""

    def __init__(self, draft):
        self.draft = draft
        super().__init__(draft.reference)


@transaction.atomic
def create_draft(*, actor, form, submission, tab=None):
    """Begin an order with a valid CustomerAccountForm, typed in the page ``tab``.

    ``submission`` is the UUID of the form; submitted again it leads to the same draft, with what
    was entered last unless that draft has become an order.
    """
    values = _account(form, tab)
    draft, created = OrderDraft.objects.get_or_create(
        submission=submission,
        provider=actor.organization,
        defaults={"created_by": actor.user, **values},
    )
    return draft if created else _update(draft, values, actor)


@transaction.atomic
def update_account(draft, *, actor, form, tab=None, seen=""):
    """Replace what was entered about the customer.

    ``tab`` is the UUID of the page it was typed in, ``seen`` its ``account_fingerprint``. Raises
    DraftTaken, AccountChanged, and DoesNotExist when it is discarded.
    """
    check_unchanged(own_draft(draft, actor), tab=tab, seen=seen, typed=form.stored())
    return _update(draft, _account(form, tab), actor)


@transaction.atomic
def choose_offers(draft, *, actor, quantities, bases=None, seen=""):
    """Remember ``quantities`` (offer with price -> licenses) and what they cost today.

    ``bases`` says what add-ons among them belong to: offer id -> key (``subscriptions.bases``).
    ``seen`` is the ``offers_fingerprint`` of the page they were chosen in. Raises DraftTaken,
    OffersChanged, and DoesNotExist when it is discarded.
    """
    _check_offers(own_draft(draft, actor), quantities, bases or {}, seen)
    currency = Buyer.of_account(draft.account).currency
    lines = {
        str(offer.pk): {"quantity": quantity, "price": str(offer.price), "currency": currency}
        for offer, quantity in quantities.items()
    }
    for pk, key in (bases or {}).items():
        lines[str(pk)]["base"] = key
    return _update(draft, {"lines": lines}, actor)


@transaction.atomic
def discard_draft(draft, *, actor):
    """Cancel the whole operation: nothing remains. Returns False if it is submitted already."""
    draft = own_draft(draft, actor)
    if draft.order_id:
        return False
    draft.delete()
    return True


@transaction.atomic
def submit_draft(draft, *, actor, seen, accept_prices=False):
    """Create the customer, the order and the promises to set them up, all in one transaction.

    ``seen`` is the ``fingerprint`` of what the person saw on Review; ``accept_prices`` says they
    agreed to prices that changed since. Submitting again returns the first one's order. Raises
    DoesNotExist (discarded), DraftTaken, OrderChanged, PricesChanged, AccountRefused, OrderRefused.
    """
    draft = own_draft(draft, actor)
    if draft.order_id:
        return draft.order
    if seen != fingerprint(draft):
        raise OrderChanged
    if not accept_prices and changed_prices(draft):
        raise PricesChanged
    customer = _add_customer(draft, actor)
    draft.order = place_order(
        customer,
        actor=actor,
        quantities=draft.quantities,
        reseller_of_record=_location_of(customer),
        submission=draft.submission,
        bases=draft.bases,
    )
    draft.save(update_fields=["order", "updated_at"])
    return draft.order


def fingerprint(draft):
    """A short text that changes with anything in the draft, and with the prices of today."""
    prices = {str(offer.pk): str(offer.price) for offer in _offers(draft)}
    everything = json.dumps([draft.account, draft.lines, prices], sort_keys=True)
    return hashlib.sha256(everything.encode()).hexdigest()[:32]


def offers_fingerprint(draft):
    """A short text that changes with what is chosen, not with what it costs."""
    chosen = json.dumps([draft.quantities, draft.bases], sort_keys=True)
    return hashlib.sha256(chosen.encode()).hexdigest()[:32]


def changed_prices(draft):
    """Offers that cost something else when they were chosen: id -> (price then, currency then)."""
    currency = Buyer.of_account(draft.account).currency
    then = {int(pk): (line["price"], line["currency"]) for pk, line in draft.lines.items()}
    today = {offer.pk: (str(offer.price), currency) for offer in _offers(draft)}
    return {pk: old for pk, old in then.items() if pk in today and today[pk] != old}


def _offers(draft):
    if not draft.lines:
        return []
    quantities = {int(pk): line["quantity"] for pk, line in draft.lines.items()}
    offers = Buyer.of_account(draft.account).offers(quantities)
    return list(offers.filter(pk__in=quantities))


def _check_offers(draft, quantities, bases, seen):
    if not seen or seen == offers_fingerprint(draft):
        return
    chosen = {offer.pk: quantity for offer, quantity in quantities.items()}
    if (draft.quantities, draft.bases) != (chosen, bases):
        raise OffersChanged(draft)


def _update(draft, values, actor):
    """Write ``values``; what has become an order stays what it was."""
    draft = own_draft(draft, actor)
    if not draft.order_id:
        for field, value in values.items():
            setattr(draft, field, value)
        draft.save()
    return draft


def _account(form, tab):
    """What a valid form leaves in the draft; what was typed before it was right is done with."""
    reseller = form.cleaned_data["reseller"]
    return {"account": form.stored(), "reseller": reseller, "typed": {}, "tab": tab}


def _add_customer(draft, actor):
    form = CustomerAccountForm.from_stored(draft.account, membership=actor)
    if not form.is_valid():
        raise AccountRefused(form)
    account = form.cleaned_data
    try:
        return add_customer(actor=actor, account=account, reseller=account["reseller"])
    except DomainTaken as taken:
        form.add_error("domain", taken.reason)
        raise AccountRefused(form) from taken


def _location_of(customer):
    """The MPN ID the customer's reseller was partnered with."""
    if customer.reseller is None:
        return None
    pair = Partnership.objects.active().select_related("location")
    return pair.get(provider=customer.provider, reseller=customer.reseller).location
