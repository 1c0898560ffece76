"""Active, suspended or cancelled: the choices, with their days, and what each brings about."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from subscriptions.models import Subscription
from subscriptions.periods import credit_of
from subscriptions.templatetags.money import money

Status = Subscription.Status


def status_choices(subscription, may_cancel):
    """(status, words) of what it can be now; each says until or from when."""
    choices = [
        (Status.ACTIVE, _with_day(Status.ACTIVE.label, _goes_on(subscription))),
        (Status.SUSPENDED, _with_day(Status.SUSPENDED.label, _deletion(subscription))),
    ]
    if may_cancel:
        until = _("until %(day)s") % {"day": _day(subscription.last_day_to_cancel)}
        choices.append((Status.CANCELLED, _with_day(_("Cancel subscription"), until)))
    return choices


def effects_of_status(subscription, status):
    """What becomes of the users, the data and the money: sentences."""
    if status == Status.CANCELLED:
        return _of_cancelling(subscription)
    if status == Status.ACTIVE:
        again = _("Users can sign in again, and nothing is deleted.")
        anew = _("Its term has run out: a new one begins today, at the price of today.")
        return (again, anew) if begins_anew(subscription) else (again,)
    day = {"day": _day(_deleted_if_suspended_now())}
    return (
        _("Users can't sign in from now on; administrators keep access to the data."),
        _("On %(day)s the data is deleted unless the subscription is resumed.") % day,
        *_with_add_ons(subscription, _("Its add-ons are suspended with it: %(names)s.")),
    )


def begins_anew(subscription):
    """Whether a new term is bought by resuming it: the one it had has run out meanwhile."""
    return bool(subscription.ends_on and subscription.ends_on <= localdate())


def _of_cancelling(subscription):
    credit = money(credit_of(subscription, localdate()), subscription.currency)
    return (
        _("It ends at once and can't be resumed: this is final."),
        _("Users lose its licenses; other changes on the page are not made."),
        _("%(credit)s is credited for the days that were paid and not used.") % {"credit": credit},
        *_with_add_ons(subscription, _("Its add-ons end with it: %(names)s.")),
    )


def _with_add_ons(subscription, words):
    found = subscription.add_ons.filter(status__in=[Status.ACTIVE, Status.SUSPENDED])
    names = ", ".join(add_on.title for add_on in found.order_by("name", "pk"))
    return (words % {"names": names},) if names else ()


def _goes_on(subscription):
    if not subscription.ends_on:
        return ""
    words = _("renews on %(day)s") if subscription.auto_renew else _("ends on %(day)s")
    return words % {"day": _day(subscription.ends_on)}


def _deletion(subscription):
    day = subscription.deletion_due_on or _deleted_if_suspended_now()
    return _("users can't sign in; its data is deleted on %(day)s") % {"day": _day(day)}


def _deleted_if_suspended_now():
    return localdate(now() + settings.DELETION_AFTER_SUSPENSION)


def _with_day(label, day):
    return f"{label} – {day}" if day else str(label)


def _day(day):
    return date_format(day, "DATE_FORMAT")
