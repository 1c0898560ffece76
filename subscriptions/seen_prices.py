"""Which prices a person has seen before they press *Submit*, sent along in hidden fields.

``price-12`` is what offer 12 cost on the page they submit from, ``was-12`` what it cost before,
where that page said it had changed. What can't be understood was not seen.
"""

import re
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

FIELD = re.compile("(price|was)-([0-9]{1,18})")
PRICE = re.compile(r"[0-9]{1,10}\.[0-9]{2}")


class Seen(NamedTuple):
    """The prices of one offer that a person has seen; None where they have seen none."""

    price: Decimal | None = None
    was: Decimal | None = None

    @property
    def first(self):
        return self.price if self.was is None else self.was

    def differs(self, price):
        """Whether the first one they saw is another than ``price``."""
        return self.first is not None and self.first != price

    def is_outdated(self, price):
        """Whether the page they submit from showed another than ``price``."""
        return self.price is not None and self.price != price


def seen_prices(data):
    """``data`` (what a form sent) as Seen by id of the offer."""
    found = defaultdict(dict)
    for name, text in data.items():
        if (match := FIELD.fullmatch(name)) and PRICE.fullmatch(text):
            found[int(match[2])][match[1]] = Decimal(text)
    return {pk: Seen(**prices) for pk, prices in found.items()}
