"""*New subscription*: the offers, what was typed beside them, and what it adds up to."""

import re
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from subscriptions.forms import OfferFilter
from subscriptions.quantities import in_words, is_number, parse_quantity
from subscriptions.totals import totals

PREFIX = "licenses-"
FIELD = re.compile(rf"{PREFIX}([0-9]{{1,18}})")
IN_ADDRESS = re.compile("([0-9]{1,18})x([0-9]{1,10})")
PAGE_SIZE = 25
LONGEST = 40  # characters of a licence number that are shown again


class Row:
    """An offer with what was typed beside it, and what it ``need``s besides, if anything."""

    def __init__(self, offer, refusal, typed="", need=""):
        self.offer, self.refusal, self.typed, self.need = offer, refusal, typed, need
        self.error = ""

    @property
    def field(self):
        return f"{PREFIX}{self.offer.pk}"

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


class Picker:
    """One visit of the page; ``typed`` maps ids of offers to what stands beside them.

    ``data`` holds the filters. Nothing that was typed is ever filtered away.
    """

    def __init__(self, buyer, data, typed):
        self.buyer = buyer
        self.typed = {pk: text for pk, text in typed.items() if text not in {"", "0"}}
        self.filters = OfferFilter(data, offers=self._offers)
        self.errors = []
        self._page = data.get("page", "")

    @classmethod
    def posted(cls, buyer, data):
        found = {FIELD.fullmatch(name): text for name, text in data.items()}
        typed = {int(m[1]): text.strip()[:LONGEST] for m, text in found.items() if m}
        return cls(buyer, data, typed)

    @classmethod
    def addressed(cls, buyer, data):
        """With choices from the address, as ``query`` writes them."""
        found = [IN_ADDRESS.fullmatch(text) for text in data.getlist("order")]
        return cls(buyer, data, {int(match[1]): match[2] for match in found if match})

    @cached_property
    def _offers(self):
        return list(self.buyer.offers(self._numbers).order_by("name_key", "pk"))

    @property
    def _numbers(self):
        """What was typed, as far as it is numbers: the price may depend on it."""
        return {pk: parse_quantity(text) for pk, text in self.typed.items() if is_number(text)}

    @cached_property
    def _rows(self):
        return [self._row(offer) for offer in self._offers if self._is_listed(offer)]

    def _row(self, offer):
        refusal, need = self.buyer.refusal(offer), self.buyer.need(offer, self._selected)
        return Row(offer, refusal, self.typed.get(offer.pk, ""), "" if refusal else need)

    def _is_listed(self, offer):
        return offer.is_available or offer.pk in self.typed

    @cached_property
    def _selected(self):
        return [offer for offer in self._offers if offer.pk in self.typed]

    @cached_property
    def chosen(self):
        return [row for row in self._rows if row.typed]

    @cached_property
    def matching(self):
        """What matches the filters and is not chosen yet; what can't be ordered comes last."""
        rows = [row for row in self._rows if not row.typed and self.filters.matches(row.offer)]
        return sorted(rows, key=lambda row: row.refusal is not None)

    @property
    def pages(self):
        return max(1, -(-len(self.matching) // PAGE_SIZE))

    @property
    def page(self):
        wanted = int(self._page) if re.fullmatch("[0-9]{1,6}", self._page) else 1
        return min(max(wanted, 1), self.pages)

    @property
    def rows(self):
        start = (self.page - 1) * PAGE_SIZE
        return self.matching[start : start + PAGE_SIZE]

    @property
    def previous_page(self):
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self):
        return self.page + 1 if self.page < self.pages else None

    @cached_property
    def quantities(self):
        """Licenses by offer, as far as they are numbers; the errors of the others are noted."""
        found = {}
        for row in self.chosen:
            try:
                found[row.offer] = parse_quantity(row.typed)
            except ValidationError:
                words = _("Enter a whole number of licenses for %(name)s")
                row.error = words % {"name": row.offer.name}
        return found

    def is_valid(self, *, complete):
        """Check everything that was typed; ``complete`` demands that there is something."""
        problems = self.buyer.problems(self.quantities)
        for row in self.chosen:
            row.error = row.error or problems.get(row.offer, "")
        self.errors = [
            format_html('<a href="#{}">{}</a>', row.field, row.error)
            for row in self.chosen
            if row.error
        ]
        if len(self.chosen) < len(self.typed):
            self.errors.append(_("An offer you selected is not sold any more"))
        elif complete and not self.chosen:
            self.errors.append(_("Select at least one subscription"))
        return not self.errors

    @property
    def licenses(self):
        return sum(self.quantities.values())

    @property
    def totals(self):
        priced = {offer: n for offer, n in self.quantities.items() if offer.price is not None}
        currency = self.buyer.currency
        return totals((offer.price * n, currency, offer.billing) for offer, n in priced.items())

    @property
    def has_demonstration_prices(self):
        return any(row.offer.is_demonstration for row in (*self.chosen, *self.rows))

    def query(self, *, choices=False, **more):
        """The part of the address that keeps the filters, the page and, if asked, the choices."""
        pairs = [(name, value) for name, value in self.filters.chosen.items() if value]
        pairs += [("page", self.page)] if self.page > 1 else []
        if choices:
            pairs += [("order", f"{offer.pk}x{n}") for offer, n in self.quantities.items()]
        pairs += [(name, value) for name, value in more.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""
