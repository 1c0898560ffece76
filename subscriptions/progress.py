"""How far an order is, for people: what each line waits for, and everything that happened."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from subscriptions.models import OrderLine

MOST = 200  # entries of the log that a page shows
# An order that goes on becomes "placed" again, which nobody did a second time.
GOES_ON = {
    "waiting": gettext_noop("started the order: the customer agreement is accepted"),
    "failed": gettext_noop("went on with the order"),
}


class LineProgress(NamedTuple):
    """One line, with the promise to set it up as far as the reader may see it."""

    line: OrderLine
    promise: OutboxMessage | None
    base: OrderLine | None  # the line of the same order that comes first

    @property
    def is_waiting_for_base(self):
        pending = OrderLine.Status.PENDING
        return bool(self.base) and self.line.status == self.base.status == pending

    @property
    def tries(self):
        """How often the market was asked in the attempt that is under way or was the last."""
        return self.promise.attempts if self.promise else 0

    @property
    def next_try(self):
        """When it is asked again, if it was asked in vain and is still to be."""
        is_queued = self.promise and self.promise.status == OutboxMessage.Status.QUEUED
        is_pending = self.line.status == OrderLine.Status.PENDING
        return self.promise.available_at if is_queued and is_pending and self.tries else None

    @property
    def trouble(self):
        """What was the matter the last time, in words; "" if nothing was."""
        if self.line.error:
            return _(self.line.error)
        return self.promise.error_words if self.next_try else ""


def progress_of(order, membership):
    """The LineProgress of each line of ``order`` (``with_lines``)."""
    lines = list(order.lines.all())
    keys = [line.promise_key for line in lines]
    mine = OutboxMessage.objects.visible_to(membership).filter(key__in=keys)
    promises = {promise.key: promise for promise in mine}
    by_subscription = {line.subscription_id: line for line in lines}
    return [
        LineProgress(line, promises.get(line.promise_key), by_subscription.get(_base_of(line)))
        for line in lines
    ]


def timeline(order, membership):
    """What happened to ``order`` (``with_lines``) and its lines, newest first.

    Entries of the log and the tries that came to nothing, as ``components/timeline.html`` shows
    them.
    """
    lines = {str(line.pk): line for line in order.lines.all()}
    happened = [_entry(entry, lines) for entry in _entries(order, lines, membership)]
    tried = [_try(line, *each) for line in lines.values() for each in line.tries]
    return sorted(happened + tried, key=lambda entry: entry["at"], reverse=True)


def _base_of(line):
    """The id of the subscription an add-on belongs to; never the id of a line without one."""
    return (line.subscription and line.subscription.base_id) or 0


def _entries(order, lines, membership):
    about = Q(target_type=order._meta.label_lower, target_id=str(order.pk))
    about |= Q(target_type=OrderLine._meta.label_lower, target_id__in=lines)
    return AuditEntry.objects.visible_to(membership).filter(about).with_actors()[:MOST]


def _entry(entry, lines):
    line = None if entry.target_type.endswith(".order") else lines[entry.target_id]
    who = entry.actor or _("The system")
    return {
        "title": f"{who} {_words(entry)}",
        "at": entry.at,
        "actor": entry.acting_for,
        "details": _details(entry, line),
    }


def _words(entry):
    goes_on = entry.action == "order.placed" and GOES_ON.get(entry.details.get("before"))
    return _(goes_on) if goes_on else entry.words


def _details(entry, line):
    if line is None:
        waits = entry.details.get("waits")
        return _("It waits for the customer agreement.") if waits else ""
    reason = entry.details.get("reason")
    return f"{line.name}: {_(reason)}" if reason else line.name


def _try(line, at, reason):
    return {
        "title": _("The market could not be asked"),
        "at": parse_datetime(at),
        "details": f"{line.name}: {_(reason)}",
    }
