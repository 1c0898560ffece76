"""*New subscription*: the offers, what was typed beside them, and what it adds up to."""

import re
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from subscriptions.bases import active_bases, choose_bases, possible_bases
from subscriptions.forms import OfferFilter
from subscriptions.offer_rows import BASE_PREFIX, PREFIX, Row
from subscriptions.quantities import in_words, is_number, parse_quantity
from subscriptions.seen_prices import seen_prices
from subscriptions.totals import totals

FIELD, BASE_FIELD = (re.compile(rf"{name}([0-9]{{1,18}})") for name in (PREFIX, BASE_PREFIX))
BASE = "[so][0-9]{1,18}"
IN_ADDRESS = re.compile(f"([0-9]{{1,18}})x([0-9]{{1,10}})(?:x({BASE}))?")
PAGE_SIZE = 25
LONGEST = 40  # characters of a licence number that are shown again


class Picker:
    """One visit of the page; ``typed`` maps ids of offers to what stands beside them.

    ``bases`` maps ids of add-ons to the keys of what they belong to, ``seen`` ids of offers to the
    prices the person has seen. ``data`` holds the filters. Nothing that was typed is ever filtered
    away.
    """

    shows_prices = True

    def __init__(self, buyer, data, typed, *, bases=None, seen=None):
        self.buyer, self._bases, self._seen = buyer, bases or {}, seen or {}
        self.typed = {pk: text for pk, text in typed.items() if text not in {"", "0"}}
        self.filters = OfferFilter(data, offers=self._offers)
        self.errors, self.news = [], ""
        self.fingerprint = data.get("seen", "")  # of the draft's choice when the page was opened
        self._page = data.get("page", "")

    @classmethod
    def posted(cls, buyer, data):
        found = {FIELD.fullmatch(name): text for name, text in data.items()}
        typed = {int(m[1]): text.strip()[:LONGEST] for m, text in found.items() if m}
        return cls(buyer, data, typed, bases=_posted_bases(data), seen=seen_prices(data))

    @classmethod
    def addressed(cls, buyer, data):
        """With choices from the address, as ``query`` writes them."""
        found = [match for text in data.getlist("order") if (match := IN_ADDRESS.fullmatch(text))]
        bases = {int(match[1]): match[3] for match in found if match[3]}
        return cls(buyer, data, {int(match[1]): match[2] for match in found}, bases=bases)

    @cached_property
    def _offers(self):
        return list(self.buyer.offers(self._numbers).order_by("name_key", "pk"))

    @property
    def _numbers(self):
        """What was typed, as far as it is numbers: the price may depend on it."""
        return {pk: parse_quantity(text) for pk, text in self.typed.items() if is_number(text)}

    @cached_property
    def _rows(self):
        shown = [offer for offer in self._offers if offer.is_available or offer.pk in self.typed]
        return [self._row(offer) for offer in shown]

    def _row(self, offer):
        refusal = self.buyer.refusal(offer)
        return Row(
            offer,
            refusal,
            self.typed.get(offer.pk, ""),
            notes=() if refusal else self._notes(offer),
            bases=self._possible_bases(offer) if offer.is_add_on else (),
            base=self._bases.get(offer.pk, ""),
            seen=self._seen.get(offer.pk),
        )

    def _notes(self, offer):
        notes = self.buyer.need(offer, self._selected), self.buyer.clash(offer, self._selected)
        return [note for note in notes if note]

    @cached_property
    def _selected(self):
        return [offer for offer in self._offers if offer.pk in self.typed]

    @cached_property
    def _active_bases(self):
        return active_bases(self.buyer.customer)

    def _possible_bases(self, add_on):
        return possible_bases(add_on, active=self._active_bases, ordered=self._selected)

    @cached_property
    def _chosen_bases(self):
        """The Base of each add-on that is ordered, and what is wrong with the others."""
        return choose_bases(self.quantities, active=self._active_bases, wanted=self._bases)

    @property
    def bases(self):
        """Keys of what the ordered add-ons belong to, by id of their offers."""
        found, _problems = self._chosen_bases
        return {add_on.pk: base.key for add_on, base in found.items()}

    @property
    def prices(self):
        """What the person has agreed to pay for a license, by id of the offer."""
        return {row.offer.pk: row.offer.price for row in self.chosen}

    @property
    def prices_changed(self):
        """Whether something costs something else than when the person first saw it."""
        return any(row.was is not None for row in self.chosen)

    def must_agree(self, accepted):
        """Whether the person has to look at changed prices before they order.

        ``accepted`` says that they agreed to the new ones on the page they submit from.
        """
        outdated = any(row.seen.is_outdated(row.offer.price) for row in self.chosen)
        return outdated or (self.prices_changed and not accepted)

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
        unclear = self._chosen_bases[1] if complete else {}
        problems = unclear | self.buyer.problems(self.quantities)
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

    def tell_of_others(self, quantities):
        """Note that another tab has chosen ``quantities`` (offer id -> licenses) meanwhile."""
        names = {offer.pk: offer.name for offer in self._offers}
        lines = [f"{in_words(n)} × {names[pk]}" for pk, n in quantities.items() if pk in names]
        words = _(
            "Not saved: in another tab the order has become: %(lines)s. Select “Next: Review” to "
            "order what stands here instead."
        )
        self.news = words % {"lines": ", ".join(lines) or _("nothing")}
        self.errors.append(self.news)

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
            pairs += [("order", self._in_address(*each)) for each in self.quantities.items()]
        pairs += [(name, value) for name, value in more.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def _in_address(self, offer, quantity):
        base = self._bases.get(offer.pk)
        return f"{offer.pk}x{quantity}x{base}" if base else f"{offer.pk}x{quantity}"


class PickerWithoutPrices(Picker):
    """For resellers, who never see what a provider pays or asks for (``domain.md`` 1a, row 26)."""

    shows_prices = has_demonstration_prices = False

    @property
    def lines(self):
        """What is chosen, as a request keeps it: id of the offer -> quantity and base."""
        bases = self.bases
        return {
            offer.pk: {"quantity": quantity, "base": bases.get(offer.pk, "")}
            for offer, quantity in self.quantities.items()
        }


def _posted_bases(data):
    found = ((BASE_FIELD.fullmatch(name), key) for name, key in data.items())
    return {int(match[1]): key for match, key in found if match and re.fullmatch(BASE, key)}
