"""*Incentives*: for how many licenses each reseller was reseller of record, month by month.

What counts for a month is how it ends (domain.md 2.10 and 4.7: the incentive belongs to the MPN ID
on the subscription): the licenses of subscriptions that were active at its last moment, for the
reseller that was named then. So each subscription counts once a month, and for one reseller. The
current month counts as of now. Months are those of UTC, like all of the program's (domain.md
4.11), so that everybody counts the same.
"""

from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum
from django.utils.formats import date_format
from django.utils.timezone import now

from subscriptions.models import RecordPeriod

LONGEST = 24  # months of one report
USUAL = 12
ANYBODY, NOBODY = "any", "none"  # in the place of an MPN ID


class Month(NamedTuple):
    """A month; those that come later are greater."""

    year: int
    number: int

    @classmethod
    def of(cls, moment):
        """The month of an aware datetime."""
        here = moment.astimezone(UTC)
        return cls(here.year, here.month)

    def __str__(self):
        return f"{self.year}-{self.number:02}"

    @property
    def words(self):
        return date_format(date(self.year, self.number, 1), "YEAR_MONTH_FORMAT")

    @property
    def end(self):
        """The moment it is over: not its own any more. Of the current month, now."""
        year, number = self.back(-1)
        return min(datetime(year, number, 1, tzinfo=UTC), now())

    def back(self, months):
        """The month so many before; after, for a negative number."""
        years, number = divmod(self.year * 12 + self.number - 1 - months, 12)
        return Month(years, number + 1)


def recent_months(number):
    """So many months up to the current one, the newest first."""
    current = Month.of(now())
    return [current.back(months) for months in range(number)]


class Figure(NamedTuple):
    subscriptions: int
    licenses: int

    def __add__(self, other):
        return Figure(self.subscriptions + other.subscriptions, self.licenses + other.licenses)


NOTHING = Figure(0, 0)


class Line(NamedTuple):
    """One MPN ID (NOBODY where none was named) with a Figure for each month of the report."""

    mpn_id: str
    name: str
    figures: dict


class Report:
    """The figures of ``months`` as ``membership`` may see them.

    ``reseller`` (an organization's id, or NOBODY) leaves out all others; None leaves out nothing.
    """

    def __init__(self, membership, months, reseller=None):
        self.membership, self.months, self.reseller = membership, sorted(months), reseller

    def rows(self, month, mpn_id=None):
        """The periods counted for ``month``: of all that the report shows, of one MPN ID, of
        ANYBODY that was named, or of NOBODY.
        """
        rows = self._all.counted_at(month.end)
        if mpn_id in (ANYBODY, NOBODY):
            return rows.filter(location__isnull=mpn_id == NOBODY)
        return rows.filter(location__mpn_id=mpn_id) if mpn_id else rows

    @cached_property
    def lines(self):
        """A Line for each MPN ID that has something in one of the months; by name, nobody last."""
        lines = [self._line(row) for row in self._counted()]
        return sorted(lines, key=lambda line: (line.mpn_id == NOBODY, line.name, line.mpn_id))

    def of_month(self, month):
        """(Line, Figure) of those that have something in ``month``, the most licenses first."""
        found = [(line, line.figures[month]) for line in self.lines if line.figures[month].licenses]
        return sorted(found, key=lambda pair: (pair[0].mpn_id == NOBODY, -pair[1].licenses))

    @cached_property
    def totals(self):
        """(Month, Figure with a reseller, Figure without) of each month, the oldest first."""
        return [(month, self._sum(month, False), self._sum(month, True)) for month in self.months]

    def _sum(self, month, nobody):
        lines = (line for line in self.lines if (line.mpn_id == NOBODY) == nobody)
        return sum((line.figures[month] for line in lines), NOTHING)

    @property
    def _all(self):
        rows = RecordPeriod.objects.visible_to(self.membership)
        if self.reseller == NOBODY:
            return rows.filter(location__isnull=True)
        return rows.filter(location__organization=self.reseller) if self.reseller else rows

    def _counted(self):
        """One query: every month's figures of every MPN ID, in columns."""
        columns = {}
        for place, month in enumerate(self.months):
            here = self._all.when(month.end)
            columns[f"s{place}"] = Count("pk", filter=here)
            columns[f"l{place}"] = Sum("licenses", filter=here, default=0)
        first, last = self.months[0].end, self.months[-1].end
        within = Q(until__isnull=True) | Q(until__gte=first)
        rows = self._all.filter(within, since__lt=last, licenses__gt=0).order_by()
        named = {"mpn_id": F("location__mpn_id"), "name": F("location__organization__name")}
        return rows.values(**named).annotate(**columns)

    def _line(self, row):
        figures = {
            month: Figure(row[f"s{place}"], row[f"l{place}"])
            for place, month in enumerate(self.months)
        }
        return Line(row["mpn_id"] or NOBODY, row["name"] or "", figures)
