"""The query in a list's address: the part that says which rows are shown, in one spelling."""

from django.http import QueryDict
from django.utils.http import urlencode

# Where somebody stands in a list, not what the list shows.
PASSING = ("after", "before", "open", "new", "saved")
LONGEST = 1800  # characters of a query that is saved or redirected to; Django takes 2048 at most


def pairs(query, *, order=()):
    """(name, value) of the QueryDict ``query`` that say which rows are shown, each once.

    Names in ``order`` come first and as they stand there, the others by the alphabet.
    """
    filled = {(name, value) for name, values in query.lists() for value in values if value}
    return sorted((pair for pair in filled if pair[0] not in PASSING), key=_place(order))


def tidy(query, *, order=()):
    """The same as the text of a query, without a question mark."""
    return urlencode(pairs(query, order=order))


def kept(query, *, without):
    """A dictionary of what the QueryDict ``query`` holds, names in ``without`` left out.

    However long it is: an action on all that matches would be about others if a filter got lost.
    """
    return {name: values for name, values in query.lists() if name not in without}


def to_redirect_to(names):
    """The same dictionary, or an empty one when its query is too long for a redirect."""
    return names if len(urlencode(names, doseq=True)) <= LONGEST else {}


def read(text, *, longest=LONGEST):
    """The QueryDict of a text like ``q=berg&sort=name``; one that is too long is an empty one."""
    try:
        return QueryDict(text if len(text) <= longest else "")
    except ValueError:  # more names than anybody's form has
        return QueryDict("")


def same(one, other):
    """Whether two QueryDicts show the same rows in the same order."""
    return pairs(one) == pairs(other)


def _place(order):
    places = {name: place for place, name in enumerate(order)}
    return lambda pair: (places.get(pair[0], len(places)), *pair)


def canonical(query, *, order, several, is_default):
    """The text of the QueryDict ``query`` in one spelling: names in ``order``, the others gone.

    Of names that are not in ``several`` the last value counts. Empty values go, and those for
    which ``is_default(name, value)`` holds.
    """
    spelled = [
        (name, value)
        for name in order
        for value in _values(name, query, several)
        if value and not is_default(name, value)
    ]
    return urlencode(spelled)


def _values(name, query, several):
    """Several filters of one name are in no order; rows are opened one after the other."""
    values = query.getlist(name)
    if name not in several:
        return values[-1:]
    return list(dict.fromkeys(values if name in PASSING else sorted(values)))
