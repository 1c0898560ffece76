"""The end of a partnership, and the twenty minutes in which it can be taken back."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partners.figures import rows_between
from partners.models import Partnership, PartnershipRequest
from partners.services import telling
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition, transition
from portal.scope import acting

Status = Partnership.Status
MOVED = ("customer.handed_over", "customer.taken_back")


class UndoRefused(InvalidTransition):
    """It is too late to take the end back, or somebody has acted on it; ``reason`` says which."""

    reason = ""

    def __init__(self, partnership, reason):
        super().__init__(partnership, Status.ACTIVE)
        self.reason = reason


@transaction.atomic
def remove_partnership(partnership, *, actor, statement_version, reason="", customers=None):
    """End the relationship, from either side; customers and their admin privileges stay.

    ``statement_version`` is the version of the statement that was confirmed; ``reason`` is for
    the log of the side that ends it; ``customers`` is how many both served, where that is not
    what it is now. Raises InvalidTransition when it has ended already.
    """
    if customers is None:
        customers = rows_between(partnership, actor)["customers"].count()
    removed = transition(
        partnership,
        Status.REMOVED,
        actor=actor,
        details={
            "statement": statement_version,
            "language": get_language(),
            "customers": customers,
        },
        removed_at=now(),
        removed_by=actor.user,
        removed_for=actor.organization,
        removal_reason=reason,
        statement_version=statement_version,
    )
    telling.partnership_ended(removed, actor=actor)
    return removed


@transaction.atomic
def restore_partnership(partnership, *, actor):
    """Take the end back, for the side that ended it: the partnership goes on as if nothing was.

    Returns it; raises UndoRefused, with the reason, when ``why_no_undo`` has one.
    """
    locked = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    if why := why_no_undo(locked, actor):
        raise UndoRefused(locked, why)
    restored = transition(
        locked,
        Status.ACTIVE,
        actor=actor,
        removed_at=None,
        removed_by=None,
        removed_for=None,
        removal_reason="",
        statement_version="",
    )
    telling.partnership_resumed(restored)
    return restored


def why_no_undo(partnership, membership):
    """Why ``membership`` can't take back the end of the partnership, with the time; "" if it can.

    Nobody can once the time is over or either side has acted on it.
    """
    if partnership.status != Status.REMOVED:
        return _("This partnership is active.")
    for check in (_time_over, _of_the_other_side, _began_anew, _asked_again, _moved):
        if why := check(partnership, membership):
            return why
    return ""


def _time_over(partnership, membership):
    if now() >= partnership.undo_until:
        at = date_format(localtime(partnership.undo_until), "DATETIME_FORMAT")
        return _("It could be undone until %(at)s.") % {"at": at}


def _of_the_other_side(partnership, membership):
    if partnership.removed_for_id != membership.organization_id:
        other = partnership.other(membership.organization)
        return _("%(name)s ended it, and only they can take that back.") % {"name": other}


def _began_anew(partnership, membership):
    pair = Partnership.objects.filter(
        provider=partnership.provider_id, reseller=partnership.reseller_id
    )
    newer = pair.exclude(pk=partnership.pk).filter(started_at__gte=partnership.removed_at)
    if first := newer.order_by("started_at").first():
        at = _clock(first.started_at)
        return _("A new partnership between you began at %(at)s.") % {"at": at}


def _asked_again(partnership, membership):
    """A request to the same reseller, as far as an address tells to whom it is."""
    people = User.objects.filter(memberships__organization=partnership.reseller_id)
    profile = getattr(partnership.reseller, "partner", None)
    known = [*people.values_list("email", flat=True), profile.email if profile else ""]
    with acting(partnership.provider.actor):  # open requests name no company yet
        former = partnership.request
        known += [former.recipient] if former else []
        asked = PartnershipRequest.objects.annotate(
            address=Lower("recipient"), at=Coalesce("sent_at", "created_at")
        ).filter(
            Q(address__in={email.lower() for email in known if email})
            | Q(reseller=partnership.reseller_id)
            | Q(previous__isnull=False, previous=former),
            provider=partnership.provider_id,
            at__gt=partnership.removed_at,
        )
        first = asked.order_by("at").first()
    if first:
        return _("A new partnership was requested at %(at)s.") % {"at": _clock(first.at)}


def _moved(partnership, membership):
    entries = AuditEntry.objects.visible_to(membership).filter(
        action__in=MOVED, details__partnership=partnership.pk, at__gt=partnership.removed_at
    )
    if first := entries.order_by("at").first():
        return _("A customer got another reseller at %(at)s.") % {"at": _clock(first.at)}


def _clock(moment):
    """The time of day in the reader's zone: 11:02."""
    return date_format(localtime(moment), "TIME_FORMAT")
