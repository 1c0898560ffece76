"""The activity log as a file, however long: read in portions while it is being sent."""

from django.db.models import Q
from django.utils.timezone import get_current_timezone, override
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import override as in_language

from portal.audit import facts
from portal.exports import moment
from portal.scope import acting

AT_ONCE = 2000  # entries in memory


def header():
    return [
        _("Date-Time"),
        _("Affected customer"),
        _("Action"),
        _("Changes"),
        _("Concerning"),
        _("Partner user"),
        _("Acting for"),
        _("Seen by operator"),
        _("IP address"),
        _("Request"),
    ]


def rows(entries, membership, *, unmasked):
    """The cells of ``entries``, newest first, in the reader's language and zone.

    Each portion is read in a scope of its own: that of the request is over when they are sent.
    """
    language, zone = get_language(), get_current_timezone()
    for portion in _in_portions(entries.order_by("-at", "-pk"), membership.actor):
        with in_language(language), override(zone):
            lines = [_cells(entry, membership, unmasked) for entry in portion]
        yield from lines


def _in_portions(entries, actor):
    rest = entries
    while portion := _read(rest, actor):
        yield portion
        last = portion[-1]
        rest = entries.filter(Q(at__lt=last.at) | Q(pk__lt=last.pk), at__lte=last.at)


def _read(entries, actor):
    with acting(actor, read_only=True):
        return list(entries[:AT_ONCE])


def _cells(entry, membership, unmasked):
    return [
        moment(entry.at),
        str(entry.customer or ""),
        entry.words,
        facts.in_one_line(entry),
        entry.reference,
        str(entry.actor or _("the system")),
        str(entry.acting_for or ""),
        str(entry.operator or ""),
        facts.address_for(entry, membership, unmasked=unmasked),
        entry.request_reference,
    ]
