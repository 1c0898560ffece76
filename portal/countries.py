"""Countries, their sales regions and currencies; a partner sells within its own region only.

The table is ``data/countries.csv`` (see docs/data.md for where it comes from); names come from
CLDR in the reader's language.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from django.utils.translation import get_language

DATA = Path(__file__).parent / "data"


class Country(NamedTuple):
    """A country by its two-letter code, with what the program's price lists say about it."""

    code: str
    english_name: str
    region: str
    currency: str
    cultures: tuple
    registration_number: str  # what the number is called where a company must give one

    @property
    def name(self):
        return _names(get_language() or "en").get(self.code, self.english_name)


@cache
def countries():
    """All countries by code."""
    numbers = {row["iso2"]: row for row in _rows("registration_id_countries.csv")}
    return {row["iso2"]: _country(row, numbers) for row in _rows("countries.csv")}


def country_choices(region=None):
    """(code, name) of every country, or of those in ``region``, sorted for the reader."""
    return _choices(region, get_language())


@cache
def _choices(region, language):
    found = [c for c in countries().values() if region in (None, c.region)]
    return sorted(((c.code, c.name) for c in found), key=lambda choice: choice[1].casefold())


def _country(row, numbers):
    number = numbers.get(row["iso2"])
    required = number and "yes" in (number["required_2021_api"], number["required_2023"])
    return Country(
        code=row["iso2"],
        english_name=row["country"],
        region=row["csp_region"],
        currency=row["currency"],
        cultures=tuple(culture.strip() for culture in row["cultures"].split("/") if culture),
        registration_number=number["label_of_number"] if required else "",
    )


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _names(language):
    return Locale.parse(language, sep="-").territories
