"""Which rows of a list an action is about: the selected ones, those that match, or all."""

from hashlib import sha256

from portal.queries import kept
from portal.references import decode_all

SELECTED, MATCHING, ALL = "selected", "matching", "all"
NOT_KEPT = {"scope", "selected", "format", "to", "after", "before", "open", "new"}


def kept_query(query, leaving_out=()):
    """The part of a QueryDict that says which list it is: its filters and order."""
    return kept(query, without=NOT_KEPT.union(leaving_out))


class Selection:
    """What the query ``data`` names of the rows ``membership`` sees.

    ``scope`` is one of the three above; without one it is ``selected`` where rows are named by
    their references (``selected=C-…``), else what matches. Subclasses say what each scope holds.
    """

    SERIES = ""  # the letter of the rows' references

    def __init__(self, membership, data):
        self.membership = membership
        self.named = decode_all(self.SERIES, data.getlist("selected"))
        default = SELECTED if "selected" in data else MATCHING
        scope = data.get("scope", "")
        self.scope = scope if scope in (SELECTED, MATCHING, ALL) else default

    def rows(self):
        """The rows; ids of others are as if they were not there."""
        if self.scope == SELECTED:
            return self.visible().filter(pk__in=self.named)
        return self.all() if self.scope == ALL else self.matching()

    def visible(self):
        """Everything ``membership`` sees."""
        raise NotImplementedError

    def matching(self):
        """What the filters in ``data`` leave of it."""
        raise NotImplementedError

    def all(self):
        """What counts as all of the list."""
        return self.visible()


def fingerprint(facts):
    """Changes with what somebody has been told about rows: ``facts`` are tuples, the id first."""
    return sha256(repr(sorted(facts, key=lambda fact: fact[0])).encode()).hexdigest()
