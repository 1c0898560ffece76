"""What a change would bring about, said before it is written."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.changing.renewal import RENEWAL, plan_in_words, planned_values
from subscriptions.changing.states import begins_anew, effects_of_status
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
    """The Effects of a valid SubscriptionForm, in the order of its fields.

    A cancellation is the only one: nothing else is written with it.
    """
    subscription, wanted = form.subscription, form.changes
    names = ("status",) if wanted.get("status") == Status.CANCELLED else ORDER
    effects = [
        _effect(form.fields[name].label, subscription, name, wanted[name])
        for name in names
        if name in wanted and wanted[name] != getattr(subscription, name)
    ]
    return [*effects, *_of_renewal(form)] if names == ORDER else effects


def _effect(label, subscription, name, value):
    words, before = IN_WORDS[name], getattr(subscription, name)
    sentences = SENTENCES.get(name, lambda *_: ())(subscription, value)
    hurts = HURTS.get(name, lambda *_: False)(subscription, value)
    return Effect(label, words(subscription, before), words(subscription, value), sentences, hurts)


def _of_renewal(form):
    """What changes with the next term, and from which day on."""
    if not form.renewal:
        return
    subscription = form.subscription
    day = {"day": date_format(subscription.ends_on, "DATE_FORMAT")}
    goes_on = form.cleaned_data["auto_renew"]
    words = _("From the renewal on %(day)s.") if goes_on else _("It ends on %(day)s.")
    for name, before in planned_values(subscription).items():
        after = form.cleaned_data[name]
        if before != after:
            told = PLANNED[name]
            yield Effect(form.fields[name].label, told(before), told(after), (words % day,))


def _reseller_in_words(_subscription, account):
    return f"{account.organization.name} · {account}" if account else _("No indirect reseller")


PLANNED = dict(
    zip(
        RENEWAL,
        (
            lambda renews: _("Yes") if renews else _("No"),
            lambda number: in_words(number) if number else "–",
            plan_in_words,
        ),
        strict=True,
    )
)
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
    "status": lambda subscription, status: status != Status.ACTIVE or begins_anew(subscription),
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


SENTENCES = {
    "quantity": _of_quantity,
    "reseller_of_record": _of_reseller,
    "status": effects_of_status,
}
