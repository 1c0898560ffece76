"""What a change would bring about, said before it is written."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.models import Subscription
from subscriptions.quantities import in_words
from subscriptions.templatetags.money import money, per

Status = Subscription.Status
ORDER = ("nickname", "quantity", "reseller_of_record", "support_contact", "status")


@dataclass(frozen=True)
class Effect:
    """One value that changes: its field's label, the words for old and new, and ``sentences``.

    ``hurts``: it takes something from somebody, and is asked about first.
    """

    label: str
    before: str
    after: str
    sentences: tuple = ()
    hurts: bool = False


def effects_of(form):
    """The Effects of a valid SubscriptionForm, in the order of its fields."""
    subscription, changes = form.subscription, form.changes
    return [
        _effect(form.fields[name].label, subscription, name, changes[name])
        for name in ORDER
        if name in changes and changes[name] != getattr(subscription, name)
    ]


def _effect(label, subscription, name, value):
    words, before = IN_WORDS[name], getattr(subscription, name)
    sentences = SENTENCES.get(name, lambda *_: ())(subscription, value)
    hurts = HURTS.get(name, lambda *_: False)(subscription, value)
    return Effect(label, words(subscription, before), words(subscription, value), sentences, hurts)


def _reseller_in_words(_subscription, account):
    return f"{account.organization.name} · {account}" if account else _("No indirect reseller")


IN_WORDS = {
    "nickname": lambda _subscription, text: text or "–",
    "quantity": lambda _subscription, number: in_words(number),
    "reseller_of_record": _reseller_in_words,
    "support_contact": lambda subscription, contact: (contact or subscription.provider).name,
    "status": lambda _subscription, status: str(Status(status).label),
}
HURTS = {
    "quantity": lambda subscription, number: number < subscription.quantity,
    "reseller_of_record": lambda *_: True,
    "status": lambda _subscription, status: status != Status.ACTIVE,
}


def _of_quantity(subscription, quantity):
    total = _total(subscription, quantity)
    if quantity >= subscription.quantity:
        return (total,)
    gone = subscription.quantity - quantity
    words = ngettext(
        "%(number)s license is taken back at once.",
        "%(number)s licenses are taken back at once.",
        gone,
    )
    kept = _("Users keep those that are assigned to them.")
    return (words % {"number": in_words(gone)}, kept, total)


def _total(subscription, quantity):
    price = money(subscription.unit_price * quantity, subscription.currency)
    return _("From now on: %(price)s.") % {"price": f"{price} {per(subscription.billing)}"}


def _of_reseller(subscription, account):
    before, sentences = subscription.reseller_of_record, []
    if before:
        words = _("%(name)s no longer earns the incentive for this subscription.")
        sentences.append(words % {"name": before.organization.name})
    if account:
        words = (
            _("%(name)s earns it from now on.") if before else _("%(name)s earns the incentive.")
        )
        sentences.append(words % {"name": account.organization.name})
    else:
        sentences.append(_("Nobody earns the incentive from now on."))
    sentences.append(_("Who looks after the customer and who supports it stays as it is."))
    return tuple(sentences)


def _of_status(subscription, status):
    if status == Status.ACTIVE:
        return (_("Users can sign in again, and nothing is deleted."),)
    day = date_format(localdate(now() + settings.DELETION_AFTER_SUSPENSION), "DATE_FORMAT")
    return (
        _("Users can't sign in from now on; administrators keep access to the data."),
        _("On %(day)s the data is deleted unless the subscription is resumed.") % {"day": day},
    )


SENTENCES = {
    "quantity": _of_quantity,
    "reseller_of_record": _of_reseller,
    "status": _of_status,
}
