"""One spelling for finding and sorting names: case, accents and umlauts make no difference."""

import re
import unicodedata
from functools import lru_cache

SORT_KEY_LENGTH = 200
UMLAUTS = re.compile("(?<=[aou])e")
# The dot of "name.example", the at of "me@name", the colon of "https://".
ADDRESS_SIGNS = re.compile(r"(?<=\w)[.@](?=\w{2})|:(?=//)")


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


def unlinked(text):
    """``text`` that no mail program turns into a link: an empty space breaks what looks like one.

    For names and reasons that people typed, where they stand in letters.
    """
    return ADDRESS_SIGNS.sub("\\g<0>\u200b", text)
