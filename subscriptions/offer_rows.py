"""A row of *New subscription*: an offer, what it can belong to, and what was typed beside it."""

from django.utils.translation import gettext as _

from subscriptions.quantities import in_words
from subscriptions.seen_prices import Seen

PREFIX, BASE_PREFIX = "licenses-", "base-"


class Row:
    """An offer with what was typed beside it; ``notes`` say what it needs and excludes."""

    def __init__(self, offer, refusal, typed="", *, notes=(), bases=(), base="", seen=None):
        self.offer, self.refusal, self.typed, self.notes = offer, refusal, typed, notes
        self.bases, self.base = bases, base  # what an add-on can belong to, and the key chosen
        self.seen = seen or Seen()
        self.error = ""

    @property
    def field(self):
        return f"{PREFIX}{self.offer.pk}"

    @property
    def base_field(self):
        return f"{BASE_PREFIX}{self.offer.pk}"

    @property
    def was(self):
        """What a license cost when the person first saw it, if that has changed; else None."""
        return self.seen.first if self.typed and self.seen.differs(self.offer.price) else None

    @property
    def limits(self):
        """How many licenses can be ordered: "1 to 300"."""
        low, high = self.offer.min_quantity, self.offer.max_quantity
        if low == high:
            return _("exactly %(number)s") % {"number": in_words(low)}
        return _("%(low)s to %(high)s") % {"low": in_words(low), "high": in_words(high)}

    @property
    def is_open(self):
        """Whether a number can be typed: also where one was that is to be taken away."""
        return not self.refusal or bool(self.typed)
