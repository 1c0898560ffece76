"""A line of *Needs attention*: rows, how many there are in words, and the list that shows them."""

from typing import NamedTuple

from portal.accounts.models import Organization
from portal.accounts.roles import Permission
from portal.links import reverse
from portal.lists import COUNT_LIMIT, CappedCount


class Line(NamedTuple):
    """``rows`` gives what a membership finds at ``page`` with this ``query``: no more, no less.

    ``words`` is a lazy plural of ``number``.
    """

    permission: Permission
    words: object
    rows: object
    page: str
    query: dict


def written(lines, membership):
    """Those of ``lines`` that say something to ``membership``: dicts with ``text`` and ``url``.

    All of them are counted in one query.
    """
    open_ = [line for line in lines if membership.can(line.permission)]
    for line, number in zip(open_, _numbers(open_, membership), strict=True):
        if number:
            url = reverse(line.page, organization=membership.organization, **line.query)
            yield {"text": line.words % {"number": min(number, COUNT_LIMIT)}, "url": url}


def _numbers(lines, membership):
    if not lines:
        return ()
    counts = {f"line_{at}": CappedCount(line.rows(membership)) for at, line in enumerate(lines)}
    found = Organization.objects.filter(pk=membership.organization_id)
    return found.annotate(**counts).values_list(*counts).get()
