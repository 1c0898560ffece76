"""Licence numbers as people write them."""

import re

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Thousands may be grouped by a point, a comma, an apostrophe or a blank, in any language.
GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[.,'’\s])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
LONGEST = 20


def is_number(text):
    """Whether somebody typed a whole number, grouped or not."""
    text = text.strip()
    return len(text) <= LONGEST and bool(re.fullmatch("[0-9]+", text) or GROUPED.fullmatch(text))


def parse_quantity(text):
    """The whole number somebody typed; raises ValidationError for everything else."""
    if is_number(text):
        return int(re.sub("[^0-9]", "", text))
    raise ValidationError(_("Enter a whole number of licenses"), code="number")


def check_quantity(quantity, *, name, low, high):
    """Raise ValidationError unless ``quantity`` is within the limits of the offer ``name``."""
    if low == high != quantity:
        words = ngettext(
            "%(name)s comes with exactly %(number)s license",
            "%(name)s comes with exactly %(number)s licenses",
            high,
        )
        raise ValidationError(words % {"name": name, "number": in_words(high)})
    if quantity > high:
        words = ngettext(
            "%(name)s allows at most %(number)s license",
            "%(name)s allows at most %(number)s licenses",
            high,
        )
        raise ValidationError(words % {"name": name, "number": in_words(high)})
    if quantity < low:
        words = ngettext(
            "%(name)s needs at least %(number)s license",
            "%(name)s needs at least %(number)s licenses",
            low,
        )
        raise ValidationError(words % {"name": name, "number": in_words(low)})


def in_words(number):
    """The number as readers of the current language write it: 10,000,000."""
    return number_format(number, force_grouping=True)
