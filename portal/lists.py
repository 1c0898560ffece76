"""Lists that stay fast: keyset paging with stable links, and counts that stop counting.

A django-tables2 table says which columns there are and how they sort; the rows are drawn by a
lean template, because generic cells cost ten times as much as the query behind them.
"""

from uuid import UUID

from django.db.models import Q

from portal.references import decode, encode

PAGE_SIZE = 25
COUNT_LIMIT = 10_000
CURSORS = ("after", "before")


class Page:
    """One page of ``queryset`` in the order the visitor chose.

    ``table`` is a django-tables2 class; each sortable column's ``order_by`` names one column that
    is never null. ``series`` is the letter of the rows' references, which serve as page links:
    ``?after=C-7K3QX2`` means the same rows tomorrow and tells nothing about them. Rows whose key
    is a UUID have no series; the key itself serves.
    """

    def __init__(self, request, table, queryset, *, series=None, size=PAGE_SIZE):
        self.query = request.GET.copy()
        self.table = table([], order_by=self.query.get("sort") or table._meta.order_by)
        self.series, self.size = series, size
        key = self._sort_key()
        anchor = self._anchor(queryset, key)
        self.backwards = bool(anchor and self.query.get("before"))
        rows = self._fetch(queryset, key, anchor)
        self.has_more = len(rows) > size
        self.rows = rows[:size][:: -1 if self.backwards else 1]
        self.count = queryset.order_by()[: COUNT_LIMIT + 1].count()
        self.capped = self.count > COUNT_LIMIT
        self.count = min(self.count, COUNT_LIMIT)
        # Going backwards we came from a page that is still there, so only the front can end.
        self.is_first = not self.has_more if self.backwards else anchor is None
        self.is_last = not self.backwards and not self.has_more

    def _sort_key(self):
        """The column to order by, with a minus when descending."""
        alias = self.table.order_by[0] if self.table.order_by else self.table._meta.order_by
        column = self.table.columns[str(alias).lstrip("-")]
        field = str(column.order_by[0])
        return f"-{field.lstrip('-')}" if column.order_by_alias.is_descending else field

    def _anchor(self, queryset, key):
        """Where the page starts: the sort key and id of the row the link names, if it is there."""
        link = self.query.get("before") or self.query.get("after")
        if not link:
            return None
        try:
            pk = decode(self.series, link) if self.series else UUID(link)
        except ValueError:  # WrongReference is one
            return None
        return queryset.order_by().filter(pk=pk).values_list(key.lstrip("-"), "pk").first()

    def _fetch(self, queryset, key, anchor):
        field, descending = key.lstrip("-"), key.startswith("-") != self.backwards
        if anchor:
            value, pk = anchor
            way = "lt" if descending else "gt"
            queryset = queryset.filter(
                Q(**{f"{field}__{way}e": value})
                & (Q(**{f"{field}__{way}": value}) | Q(**{f"pk__{way}": pk}))
            )
        sign = "-" if descending else ""
        return list(queryset.order_by(f"{sign}{field}", f"{sign}pk")[: self.size + 1])

    def _url(self, **changes):
        query = self.query.copy()
        for name in (*CURSORS, *changes):
            query.pop(name, None)
        query.update({name: value for name, value in changes.items() if value})
        return "?" + query.urlencode()

    def _link(self, row):
        return encode(self.series, row.pk) if self.series else str(row.pk)

    @property
    def first_url(self):
        return None if self.is_first else self._url()

    @property
    def previous_url(self):
        if self.is_first or not self.rows:
            return None
        return self._url(before=self._link(self.rows[0]))

    @property
    def next_url(self):
        if self.is_last or not self.rows:
            return None
        return self._url(after=self._link(self.rows[-1]))

    @property
    def sort_urls(self):
        """For each sortable column, the link that sorts by it or turns the order around."""
        return {
            column.name: self._url(sort=str(column.order_by_alias.next))
            for column in self.table.columns
            if column.orderable
        }
