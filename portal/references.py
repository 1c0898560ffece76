"""References people can say on the phone, such as ``C-7K3QX2``, made from the row's id.

The alphabet is Crockford's (no I, L, O, U), the last character is a check character, and the
digits are a fixed one-to-one scramble of the id: no column, no index, no collision. It hides the
order of rows from the eye; it is not a secret, access is decided elsewhere.
"""

from functools import lru_cache

from django.urls import register_converter

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")
SHORT, LONG = 5, 10  # characters before the check character: 33 million rows, then far more
MULTIPLIER = 0x2C1B3C6D1A4F5  # odd, so multiplication modulo a power of two can be undone


class WrongReference(ValueError):
    """What was typed is no reference of this kind."""


@lru_cache(maxsize=10_000)  # filters name the same partners on every request
def encode(prefix, pk):
    """The reference of row ``pk`` (a positive int) in the series ``prefix``, e.g. ``"C"``."""
    size = SHORT if pk < 32**SHORT else LONG
    number = pk * MULTIPLIER % 32**size
    digits = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(size)))
    return f"{prefix}-{digits}{_check(prefix, digits)}"


def decode(prefix, text):
    """The id behind a typed reference; case, blanks and the hyphen don't matter.

    Raises WrongReference when it is of another series, too long or short, or mistyped.
    """
    typed = text.upper().replace("-", "").replace(" ", "")
    digits = typed.removeprefix(prefix).translate(LOOKALIKES)
    if not typed.startswith(prefix) or len(digits) not in (SHORT + 1, LONG + 1):
        raise WrongReference(text)
    digits, check = digits[:-1], digits[-1]
    if not set(digits) <= set(ALPHABET) or check != _check(prefix, digits):
        raise WrongReference(text)
    size = 32 ** len(digits)
    number = sum(ALPHABET.index(digit) * 32**place for place, digit in enumerate(digits[::-1]))
    return number * pow(MULTIPLIER, -1, size) % size


def decode_or_none(prefix, text):
    """The id behind a typed reference, or None where ``decode`` would refuse it."""
    try:
        return decode(prefix, text)
    except WrongReference:
        return None


def decode_all(prefix, texts):
    """The ids behind those of several ``texts`` that are references, in the same order."""
    found = (decode_or_none(prefix, text) for text in texts)
    return [pk for pk in found if pk is not None]


def _check(prefix, digits):
    """The Luhn sum over 32 symbols: every single mistake and nearly every swap changes it."""
    values = [ord(prefix) % 32, *map(ALPHABET.index, digits)]
    doubled = [value * (2 - place % 2) for place, value in enumerate(reversed(values))]
    return ALPHABET[-sum(value // 32 + value % 32 for value in doubled) % 32]


def path_converter(prefix):
    """A converter for ``path()``: the address shows the reference, the view gets the id."""

    class Converter:
        regex = rf"(?i:{prefix})-?[0-9A-Za-z]{{6,11}}"

        def to_python(self, text):
            return decode(prefix, text)  # WrongReference is a ValueError: no such page

        def to_url(self, pk):
            return encode(prefix, pk)

    return Converter


# The letter of each series, by the name of the path converter and of the model behind it.
SERIES = {
    "reseller": "R",
    "customer": "C",
    "subscription": "S",
    "order": "O",
    "request": "P",
    "partnershiprequest": "P",
    "draft": "D",
    "relationship": "Q",
    "relationshiprequest": "Q",
    "licenserequest": "L",
    "orderrequest": "E",
    "batch": "B",
    "requestbatch": "B",
    "grant": "G",
    "delegatedadmin": "G",
    "owner": "T",
    "tenantowner": "T",
    "savedview": "V",
    "movebatch": "M",
    "changebatch": "H",
    "customeruser": "U",
    "userupload": "F",
    "userinvitation": "J",
}
for name, letter in SERIES.items():
    register_converter(path_converter(letter), name)
