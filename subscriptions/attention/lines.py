"""A line of *Needs attention*: rows, how many there are in words, and the list that shows them."""

from typing import NamedTuple

from portal.accounts.models import Organization
from portal.accounts.roles import Permission
from portal.links import reverse
from portal.lists import COUNT_LIMIT, CappedCount


class Line(NamedTuple):
    """``rows`` gives what a membership finds at ``page`` with this ``query``: no more, no less.

    ``words`` is a lazy plural of ``number``; more rows than ``at_most`` need nobody's attention.
    Where rows have an ``owner``, the list's filter ``by=me`` finds one's own by that column.
    """

    permission: Permission
    words: object
    rows: object
    page: str
    query: dict
    at_most: int = COUNT_LIMIT + 1
    owner: str = ""

    def own(self):
        """The same about the rows of whoever looks."""

        def rows(membership):
            return self.rows(membership).filter(**{self.owner: membership.user_id})

        return self._replace(rows=rows, query=self.query | {"by": "me"})


def written(lines, membership, *, own=False):
    """Those of ``lines`` that say something to ``membership``: dicts with ``text`` and ``url``.

    All of them are counted in one query; with ``own`` they are about the person's own rows.
    """
    if own:
        lines = [line.own() for line in lines if line.owner]
    open_ = [line for line in lines if membership.can(line.permission)]
    for line, number in zip(open_, _numbers(open_, membership), strict=True):
        if 0 < number <= line.at_most:
            url = reverse(line.page, organization=membership.organization, **line.query)
            yield {"text": line.words % {"number": min(number, COUNT_LIMIT)}, "url": url}


def _numbers(lines, membership):
    if not lines:
        return ()
    counts = {f"line_{at}": CappedCount(line.rows(membership)) for at, line in enumerate(lines)}
    found = Organization.objects.filter(pk=membership.organization_id)
    return found.annotate(**counts).values_list(*counts).get()
