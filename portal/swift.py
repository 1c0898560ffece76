"""Django admin over a million rows: counts that stop, searches that find by an index."""

from django.contrib.admin.utils import lookup_spawns_duplicates
from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.functional import cached_property

from portal.lists import capped_count
from portal.references import SERIES, decode_or_none

MOST_RELATED = 100  # rows elsewhere that one word may lead to
LOOKUPS = {"^": "istartswith", "=": "iexact"}


class CappedPaginator(Paginator):
    """Counts no further than the portal's own lists; whoever looks further searches."""

    @cached_property
    def count(self):
        return capped_count(self.object_list)


class Swift:
    """Part of a ModelAdmin; each word of a search must be in one of the ``search_fields``.

    A field of another table finds the rows there first, by how it begins: joined and put into one
    condition no index could help. A reference such as C-7K3QX2 finds its row.
    """

    paginator = CappedPaginator
    show_full_result_count = False

    def get_search_results(self, request, queryset, search_term):
        fields = self.get_search_fields(request)
        for word in search_term.split() if fields else ():
            queryset = queryset.filter(self._matching(fields, word))
        spawns = any(lookup_spawns_duplicates(self.opts, name.strip("^=")) for name in fields)
        return queryset, spawns and bool(search_term)

    def _matching(self, fields, word):
        letter = SERIES.get(self.opts.model_name)
        found = decode_or_none(letter, word) if letter else None
        matching = Q(pk=found) if found else Q(pk__in=[])
        for name in fields:
            matching |= self._in_field(name, word)
        return matching

    def _in_field(self, name, word):
        plain = name.lstrip("^=")
        field, _, rest = plain.partition("__")
        related = self.opts.get_field(field).related_model
        if related and rest:
            rows = related._base_manager.filter(**{f"{rest}__istartswith": word})
            return Q(**{f"{field}__in": list(rows.values_list("pk", flat=True)[:MOST_RELATED])})
        lookup = LOOKUPS.get(name[0]) or ("" if rest else "icontains")
        return Q(**{f"{plain}__{lookup}" if lookup else plain: word})
