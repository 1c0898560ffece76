"""What happened to a partnership request, gathered from the record, the outbox and its moments."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage


class Event(NamedTuple):
    """One entry of the timeline component."""

    at: object
    title: str
    details: str = ""


def deliveries(request, membership):
    """The mails that carry or remind of ``request``, newest first."""
    kinds = [Q(key__startswith=request.deliveries_key(what)) for what in ("sent", "reminded")]
    mails = OutboxMessage.objects.visible_to(membership).filter(kinds[0] | kinds[1])
    found = list(mails.order_by("-created_at"))
    for mail in found:
        mail.may_retry = mail.can_retry and _is_wanted(mail, request)
    return found


def timeline(request, membership, mails):
    """All Events of ``request``, newest first; ``mails`` are its deliveries."""
    entries = AuditEntry.objects.visible_to(membership).about(request).with_actors()
    events = [_recorded(entry) for entry in entries]
    events += [_delivered(mail) for mail in mails]
    if request.opened_at:
        hint = _("A hint only: it may have been a mail scanner.")
        events.append(Event(request.opened_at, _("The link was opened"), hint))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _recorded(entry):
    who = entry.actor or _("the system")
    title = capfirst(f"{who} {entry.words}")
    return Event(entry.at, title, _day_of(entry))


def _day_of(entry):
    """Until when an extension was given."""
    if "until" not in entry.details:
        return ""
    day = date_format(localtime(parse_datetime(entry.details["until"])), "DATE_FORMAT")
    return _("The link works until %(day)s.") % {"day": day}


def _delivered(mail):
    status = OutboxMessage.Status
    titles = {
        status.DONE: _("The mail server accepted the email"),
        status.FAILED: _("The email could not be delivered"),
        status.UNCERTAIN: _("Nobody knows whether the email arrived"),
    }
    title = titles.get(mail.status, _("The email waits to be sent"))
    details = " · ".join(part for part in (mail.subject, mail.error_words) if part)
    return Event(_last_moment(mail), title, details)


def _last_moment(mail):
    """When it was settled, or last tried, or promised."""
    tried = mail.lease_until and mail.lease_until - mail.LEASE
    return mail.done_at or tried or mail.created_at


def _is_wanted(mail, request):
    """Whether trying again makes sense: nobody wants a dead link or an answered question sent."""
    is_old = (
        mail.key.startswith(request.deliveries_key("sent")) and mail.key != request.delivery_key
    )
    return request.is_answerable and not is_old
