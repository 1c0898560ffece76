"""The prices of one offer in one country and currency: who counts when, before and after.

A price list may say "from 1 January" and never when that ends; a later price, or another tier from
a later day on, ends an earlier one the day before. All days are whole days and both ends count.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

DAY = timedelta(days=1)


@dataclass
class Priced:
    """A price: as it is stored, if it has a ``pk``, or as a line of the file says it."""

    low: int
    high: int | None
    start: date
    until: date | None
    amount: Decimal
    erp: Decimal | None
    pk: int | None = None
    line: int = 0
    is_gone: bool = False
    was: "Priced | None" = None

    @property
    def facts(self):
        return (self.low, self.high, self.start, self.until, self.amount, self.erp)

    def meets(self, other):
        """Whether some number of licenses belongs to the tiers of both."""
        return (self.high is None or other.low <= self.high) and (
            other.high is None or self.low <= other.high
        )

    def counts_on_or_after(self, day):
        return not self.is_gone and (self.until is None or self.until >= day)

    def end_before(self, day):
        """Let it count no longer than until the day before ``day``."""
        if self.start >= day:
            self.is_gone = True
        elif self.until is None or self.until >= day:
            self.until = day - DAY


class Timeline:
    """Beginning with the stored prices, changed by lines of a file, settled at the end."""

    def __init__(self, stored):
        self.prices = stored
        for price in stored:
            price.was = Priced(*price.facts)

    def put(self, new):
        """Take a line's price in. Returns the line that says the same already, or 0."""
        for price in self.prices:
            if (price.low, price.start) == (new.low, new.start):
                if price.line:
                    return price.line
                price.high, price.until = new.high, new.until
                price.amount, price.erp, price.line = new.amount, new.erp, new.line
                return 0
        clash = next(
            (p for p in self.prices if p.line and p.start == new.start and p.meets(new)), None
        )
        if clash:
            return clash.line
        self.prices.append(new)
        return 0

    def end(self, day, line=0):
        """The offer is not sold at any of these prices from ``day`` on. Whether that is news."""
        counting = [price for price in self.prices if price.counts_on_or_after(day)]
        for price in counting:
            price.end_before(day)
            price.line = line
        return bool(counting)

    def settle(self):
        """Let later prices end earlier ones, and the file's tiers the stored ones."""
        for later in self.prices:
            for earlier in self.prices:
                if later.is_gone or earlier.is_gone or not earlier.meets(later):
                    continue
                if earlier.start < later.start:
                    earlier.end_before(later.start)
                elif earlier.start == later.start and later.line and not earlier.line:
                    earlier.is_gone = True

    def before(self, price):
        """The stored price that ``price`` follows in its tier, as it was, or None."""
        earlier = [
            other.was
            for other in self.prices
            if other.was and other.was.low == price.low and other.was.start < price.start
        ]
        return max(earlier, key=lambda was: was.start, default=None)

    def is_followed(self, price):
        """Whether another price of the tier counts from the day after ``price``'s last on."""
        return price.until is not None and any(
            other.low == price.low and other.start == price.until + DAY and not other.is_gone
            for other in self.prices
        )
