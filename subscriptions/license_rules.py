"""Which numbers of licenses a subscription can have, now and from its renewal on.

``domain.md`` 2.10: more at any time, fewer only within the window of what was bought.
"""

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.models import Subscription
from subscriptions.quantities import check_quantity, in_words


def check_change(subscription, quantity):
    """Raise ValidationError unless the licenses can be changed to ``quantity`` at once."""
    if quantity == subscription.quantity:
        return
    check_limits(subscription, quantity)
    if quantity < subscription.floor:
        words = _("Licenses can't be reduced below %(floor)s: the time to cancel is over")
        raise ValidationError(words % {"floor": in_words(subscription.floor)})
    if quantity < subscription.assigned:
        raise ValidationError(still_assigned(subscription))


def still_assigned(subscription):
    """Why the licenses can't be reduced: users have them."""
    words = ngettext(
        "%(number)s license is assigned to users. Take it back before you reduce the licenses.",
        "%(number)s licenses are assigned to users. Take some back before you reduce the licenses.",
        subscription.assigned,
    )
    return words % {"number": in_words(subscription.assigned)}


def limits_in_words(subscription):
    """How many licenses it can have now, window by window: sentences (domain.md 2.10)."""
    sentences = []
    if subscription.quantity < subscription.offer.max_quantity:
        words = _("More at any time, up to %(high)s.")
        sentences.append(words % {"high": in_words(subscription.offer.max_quantity)})
    sentences += [_("Down to %(low)s until %(at)s.") % window for window in _windows(subscription)]
    if len(sentences) < 2 and not _windows(subscription):
        sentences.append(_("Fewer only with a renewal."))
    return " ".join(sentences)


def _windows(subscription):
    """What can still be taken back: how far down, and until when; the purchase goes further."""
    if subscription.bought_recently:
        low = min(subscription.offer.min_quantity, subscription.quantity)
        at = date_format(subscription.last_day_to_cancel, "DATE_FORMAT")
        return [{"low": in_words(low), "at": at}] if low < subscription.quantity else []
    return [
        {"low": in_words(before), "at": date_format(localtime(closes), "DATETIME_FORMAT")}
        for closes, before in subscription.open_increases
    ]


def check_limits(subscription, quantity):
    """Raise ValidationError unless the offer is sold in this number."""
    low, high = subscription.offer.min_quantity, subscription.offer.max_quantity
    check_quantity(quantity, name=subscription.name, low=low, high=high)


def renewal_of(subscription):
    """The day from which on it can have fewer licenses; None where it ends instead or is over."""
    coming = subscription.ends_on and subscription.ends_on > localdate()
    is_active = subscription.status == Subscription.Status.ACTIVE
    return subscription.ends_on if coming and is_active and subscription.auto_renew else None


def day_of_change(subscription, quantity):
    """When the licenses could become ``quantity``: a day, or None for at once.

    Raises ValidationError where that is never, or is so already.
    """
    refuse_unless_active(subscription)
    if quantity == subscription.quantity:
        words = _("You have %(number)s already. Enter another number.")
        raise ValidationError(words % {"number": in_words(quantity)})
    check_limits(subscription, quantity)
    if quantity >= subscription.floor:
        return None
    if renewal := renewal_of(subscription):
        return renewal
    words = _("Licenses can't be reduced below %(floor)s: the subscription does not renew")
    raise ValidationError(words % {"floor": in_words(subscription.floor)})


def refuse_unless_active(subscription):
    """Raise ValidationError unless the subscription's licenses can be changed at all."""
    if subscription.status == Subscription.Status.SUSPENDED:
        words = _("Licenses can't be changed while the subscription is suspended")
        raise ValidationError(words)
    if subscription.status != Subscription.Status.ACTIVE:
        raise ValidationError(_("Licenses can be changed only while the subscription is active"))
