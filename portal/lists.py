"""Lists that stay fast: keyset paging with stable links, and counts that stop counting.

A django-tables2 table says which columns there are and how they sort; the rows are drawn by a
lean template, because generic cells cost ten times as much as the query behind them.
"""

from functools import lru_cache
from uuid import UUID

from django.db.models import IntegerField, Q, Subquery
from django.utils.functional import cached_property

from portal.references import decode, encode

PAGE_SIZE = 25
PAGE_SIZES = (25, 50, 100, 200)
COUNT_LIMIT = 10_000
CURSORS = ("after", "before")


class CappedCount(Subquery):
    """How many rows a queryset has, counted no further than one beyond the limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, queryset):
        super().__init__(queryset.order_by().values("pk")[: COUNT_LIMIT + 1])


@lru_cache(maxsize=200)  # without rows a table is the same for everybody
def _columns(table, order):
    """A django-tables2 table without rows: its columns, ordered by ``order``."""
    return table([], order_by=order)


def capped_count(rows):
    """How many rows there are, as far as the lists count."""
    return min(rows.order_by()[: COUNT_LIMIT + 1].count(), COUNT_LIMIT)


def tab_numbers(page, rows, counts):
    """The CappedCounts in ``counts`` (by name) as whole numbers.

    They ride along with the rows of ``page``, which are annotated with them; a page without rows
    asks for them alone, with any one of ``rows``.
    """
    if page.rows:
        found = {name: getattr(page.rows[-1], name, 0) for name in counts}
    else:
        found = rows.order_by().annotate(**counts).values(*counts).first() or {}
    return {name: min(found.get(name, 0), COUNT_LIMIT) for name in counts}


def sort_key(table):
    """The column ``table`` (an instance) is ordered by, with a minus when descending."""
    alias = table.order_by[0] if table.order_by else table._meta.order_by
    column = table.columns[str(alias).lstrip("-")]
    field = str(column.order_by[0])
    return f"-{field.lstrip('-')}" if column.order_by_alias.is_descending else field


def in_order(queryset, table, sort=""):
    """All of ``queryset`` in the order in which a list with ``?sort=`` shows it, page by page."""
    key = sort_key(_columns(table, sort or table._meta.order_by))
    return queryset.order_by(key, "-pk" if key.startswith("-") else "pk")


def page_size(text, size=PAGE_SIZE):
    """How many rows a page has whose address says ``text``: one of PAGE_SIZES, else ``size``."""
    return next((known for known in PAGE_SIZES if str(known) == text), size)


class Page:
    """One page of ``queryset`` in the order the visitor chose; rows and count in one query.

    ``table`` is a django-tables2 class; each sortable column's ``order_by`` names one column that
    is never null. ``series`` is the letter of the rows' references, which serve as page links:
    ``?after=C-7K3QX2`` means the same rows tomorrow and tells nothing about them. Rows whose key
    is a UUID have no series; the key itself serves. ``?per=50`` makes longer pages. A list's saved
    views (``request.saved_views``) ride along with its rows.
    """

    def __init__(self, request, table, queryset, *, series=None, size=PAGE_SIZE):
        self.query = request.GET.copy()
        self.table = _columns(table, self.query.get("sort") or table._meta.order_by)
        self.series, self.size = series, page_size(self.query.get("per"), size)
        self.saved_views = getattr(request, "saved_views", None)
        self.anchor = self._linked_pk()
        self.backwards = bool(self.anchor and self.query.get("before"))
        rows = self._fetch(queryset)
        if self.anchor and not rows:  # the row the link names is gone: start anew
            self.anchor, self.backwards = None, False
            rows = self._fetch(queryset)
        self.has_more = len(rows) > self.size
        self.rows = rows[: self.size][:: -1 if self.backwards else 1]
        if self.saved_views:
            self.saved_views.board(self.rows)
        counted = rows[0].counted if rows else 0
        self.count, self.capped = min(counted, COUNT_LIMIT), counted > COUNT_LIMIT
        # Going backwards we came from a page that is still there, so only the front can end.
        self.is_first = not self.has_more if self.backwards else self.anchor is None
        self.is_last = not self.backwards and not self.has_more

    def _linked_pk(self):
        """The row behind or before which the page starts, as the link names it."""
        link = self.query.get("before") or self.query.get("after")
        try:
            return link and (decode(self.series, link) if self.series else UUID(link))
        except ValueError:  # WrongReference is one
            return None

    def _fetch(self, queryset):
        key = sort_key(self.table)
        field, descending = key.lstrip("-"), key.startswith("-") != self.backwards
        sign = "-" if descending else ""
        rows = queryset.annotate(counted=CappedCount(queryset))
        if self.saved_views:
            rows = rows.annotate(saved_views=self.saved_views.expression)
        if self.anchor:
            rows = rows.filter(self._beyond(queryset, field, "lt" if descending else "gt"))
        return list(rows.order_by(f"{sign}{field}", f"{sign}pk")[: self.size + 1])

    def _beyond(self, queryset, field, way):
        """The condition for rows behind the anchor: by the sort key, then by the id."""
        value = Subquery(queryset.order_by().filter(pk=self.anchor).values(field)[:1])
        same_or_beyond, beyond = Q(**{f"{field}__{way}e": value}), Q(**{f"{field}__{way}": value})
        return same_or_beyond & (beyond | Q(**{f"pk__{way}": self.anchor}))

    def _url(self, **changes):
        query = self.query.copy()
        for name in (*CURSORS, *changes):
            query.pop(name, None)
        query.update({name: value for name, value in changes.items() if value})
        return "?" + query.urlencode()

    def _link(self, row):
        return encode(self.series, row.pk) if self.series else str(row.pk)

    @cached_property
    def first_url(self):
        return None if self.is_first else self._url()

    @cached_property
    def previous_url(self):
        if self.is_first or not self.rows:
            return None
        return self._url(before=self._link(self.rows[0]))

    @cached_property
    def next_url(self):
        if self.is_last or not self.rows:
            return None
        return self._url(after=self._link(self.rows[-1]))

    @cached_property
    def sizes(self):
        """(rows per page, link or None for the present one), where another size shows more."""
        if self.count <= PAGE_SIZES[0]:
            return []
        return [
            (size, None if size == self.size else self._url(per=str(size) * (size != PAGE_SIZE)))
            for size in PAGE_SIZES
        ]

    @cached_property
    def sort_urls(self):
        """For each sortable column, the link that sorts by it or turns the order around."""
        return {
            column.name: self._url(sort=str(column.order_by_alias.next))
            for column in self.table.columns
            if column.orderable
        }
