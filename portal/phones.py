"""Phone numbers, by the library phonenumbers: as people type them, kept as the world dials them."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SIGNS = set("0123456789 +()./-")
FALLBACK = "DE"  # whose example is shown where no country is known yet


def tidy_phone(text, country=""):
    """``text`` in the international form: "040 5550120" of Germany is "+49 40 5550120".

    ``country`` (two letters) says how a number without its country code is meant. Nothing typed
    is fine; raises ValidationError with an example of the country otherwise.
    """
    text = text.strip()
    if not text:
        return ""
    number = _parse(text, country)
    if number is None or not phonenumbers.is_valid_number(number):
        words = _("Enter a phone number such as %(example)s.")
        raise ValidationError(words % {"example": example_phone(country)}, code="phone")
    return _international(number)


def example_phone(country=""):
    """A number that somebody in ``country`` could have, in the international form."""
    number = phonenumbers.example_number(country) or phonenumbers.example_number(FALLBACK)
    return _international(number)


def _parse(text, country):
    if not SIGNS.issuperset(text):
        return None
    try:
        return phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None


def _international(number):
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
