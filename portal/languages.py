"""Languages that companies serve their partners in: those spoken where the program sells."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

from portal.countries import countries


def language_name(code):
    """The language in the reader's language; its code when it is unknown."""
    return _names(get_language() or "en").get(code, code)


def language_choices():
    """(code, name) of every language, sorted for the reader."""
    choices = [(code, language_name(code)) for code in _codes()]
    return sorted(choices, key=lambda choice: choice[1].casefold())


@cache
def _codes():
    """Two-letter codes, from the cultures of all countries ("de-DE")."""
    cultures = (culture for country in countries().values() for culture in country.cultures)
    return sorted({culture.partition("-")[0] for culture in cultures})


@cache
def _names(language):
    return Locale.parse(language, sep="-").languages
