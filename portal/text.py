"""One spelling for finding and sorting names: case, accents and umlauts make no difference."""

import re
import unicodedata
from functools import lru_cache

SORT_KEY_LENGTH = 200
UMLAUTS = re.compile("(?<=[aou])e")

# What mail programs turn into a link by themselves: schemes, www., names with an ending, numbers.
# Browsers read three more characters as the dot of a host name.
DOT = "[.\u3002\uff0e\uff61]"
HOST = rf"(?:[\w-]{{1,63}}{DOT})+[^\W\d_][\w-]{{1,62}}"
ADDRESS = re.compile(
    rf"""
      \b[a-z][a-z0-9+.-]{{0,20}}://\S+
    | \b(?:mailto|tel|sms|data|javascript):\S+
    | \bwww{DOT}\S+
    | (?<![\w.+%-])(?:[\w.+%-]{{1,64}}@)?{HOST}(?::\d+)?(?:[/?\#]\S*)?
    | \b\d{{1,3}}(?:{DOT}\d{{1,3}}){{3}}\b(?::\d+)?(?:/\S*)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
JOINT = re.compile(rf"({DOT}|[:@])(?=\S)")


@lru_cache(maxsize=10_000)  # filters sort the same partners on every request
def fold(text):
    """``Müller``, ``Mueller`` and ``MULLER`` all become ``muller``; blanks are single."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return UMLAUTS.sub("", " ".join(letters.split()))


def sort_key(name):
    """What a name is sorted and found by; folding may lengthen it beyond what a column holds."""
    return fold(name)[:SORT_KEY_LENGTH]


def has_control_characters(text, *, allowed=""):
    """Whether invisible characters hide in ``text``: controls, or marks that turn its direction."""
    return any(
        unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co"} and letter not in allowed
        for letter in text
    )


def find_links(text):
    """The web and email addresses in ``text``, as they stand there."""
    return [match[0] for match in ADDRESS.finditer(text)]


def has_link(text):
    """Whether a mail program would make a link of some part of ``text``."""
    return ADDRESS.search(text) is not None


def unlinked(name):
    """``name`` with a blank where an address in it is joined: no mail program makes a link of it.

    Names are chosen by strangers and stand in mails that carry our name.
    """
    return ADDRESS.sub(lambda match: JOINT.sub(r"\1 ", match[0]), name)


def find_words(text, words):
    """Where any of ``words`` stands in ``text``, however it is spelt: (start, end), in order.

    ``Mueller`` is found in ``Müller``, and the other way round; places that touch are one.
    """
    folded, places = _folded(text)
    found = set()
    for word in filter(None, map(fold, words)):
        start = folded.find(word)
        while start >= 0:
            found.update(range(places[start], places[start + len(word) - 1] + 1))
            start = folded.find(word, start + 1)
    return _runs(sorted(found))


def _folded(text):
    """The text as ``fold`` spells it, but with its blanks, and where each letter came from."""
    letters = [
        (letter, place)
        for place, written in enumerate(text)
        for letter in unicodedata.normalize("NFKD", written.casefold())
        if not unicodedata.combining(letter)
    ]
    plain = "".join(letter for letter, _place in letters)
    dropped = {match.start() for match in UMLAUTS.finditer(plain)}
    kept = [pair for place, pair in enumerate(letters) if place not in dropped]
    return "".join(letter for letter, _place in kept), [place for _letter, place in kept]


def _runs(places):
    runs = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1][1] = place + 1
        else:
            runs.append([place, place + 1])
    return [tuple(run) for run in runs]
