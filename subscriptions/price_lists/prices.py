"""The rows of a price list beside the prices of the catalogue."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.text import sort_key
from subscriptions.models import Billing, Offer, OfferPrice, Term
from subscriptions.price_lists.cells import EVERY, MONTHS
from subscriptions.price_lists.outcome import Kind
from subscriptions.price_lists.parsing import MOST_OTHERWISE
from subscriptions.price_lists.timeline import DAY, Priced, Timeline

CENT = Decimal("0.01")
# A legacy offer is sold for a year, billed either way, unless the catalogue knows better.
LEGACY_PLANS = ((Term.YEAR, Billing.MONTHLY), (Term.YEAR, Billing.ANNUAL))
TRIAL_PLANS = ((Term.TRIAL, Billing.NONE),)
MOST_TRIED = 25


class Group(NamedTuple):
    """Prices that can follow each other: of an offer (sku_id, term, billing), where, in what."""

    sku_id: str
    term: str
    billing: str
    market: str
    currency: str

    @property
    def offer(self):
        return self[:3]

    def __str__(self):
        place = f"{self.currency} {self.market}".strip()
        return f"{self.sku_id} · {self.term} · {self.billing} · {place}"


def per_period(amount, term, billing, *, is_monthly=False):
    """What one billing period costs, rounded half up to cents.

    ``amount`` is for the whole term, or with ``is_monthly`` for each month of it (domain.md 5).
    """
    if amount is None:
        return None
    months = MONTHS[term]
    every = EVERY.get(billing, months)
    whole = amount * every if is_monthly else amount * every / months
    return whole.quantize(CENT, ROUND_HALF_UP)


def plan_prices(plan, rows, today, *, kept=None):
    """Note in ``plan`` what the PriceRows change.

    ``kept``, where the list is a full one, are the sku_ids that refused rows are about.
    """
    Pricing(plan, today).run(rows, kept)


class Pricing:
    """One comparison of a price list with the catalogue."""

    def __init__(self, plan, today):
        self.plan, self.today = plan, today
        known = Offer.objects.only("sku_id", "term", "billing", "name")
        self.offers = {(o.sku_id, o.term, o.billing): o for o in known}
        self.plans = defaultdict(list)
        for sku_id, term, billing in self.offers:
            self.plans[sku_id].append((term, billing))
        self.demonstrations = defaultdict(list)

    def run(self, rows, kept):
        currencies = {row.currency for row in rows}
        self.timelines = self._stored(currencies)
        named = set()
        for row in rows:
            for group in self._groups(row):
                named.add(group)
                self._take(row, group)
        if kept is not None:
            self._withdraw_others(named, {(row.market, row.currency) for row in rows}, kept)
        for group, timeline in self.timelines.items():
            timeline.settle()
            self._note(group, timeline)
        self._end_demonstrations(named)

    def _stored(self, currencies):
        """Timelines of real prices by Group; demonstration prices are kept apart."""
        found = defaultdict(list)
        prices = OfferPrice.objects.filter(currency__in=currencies)
        for (
            pk,
            currency,
            market,
            is_demonstration,
            sku_id,
            term,
            billing,
            *facts,
        ) in prices.order_by("valid_from", "pk").values_list(
            *("pk", "currency", "market", "is_demonstration"),
            *("offer__sku_id", "offer__term", "offer__billing", "min_quantity"),
            *("max_quantity", "valid_from", "valid_until", "unit_price", "erp_price"),
        ):
            if is_demonstration:
                self.demonstrations[sku_id, term, billing, currency].append(pk)
            else:
                found[Group(sku_id, term, billing, market, currency)].append(Priced(*facts, pk=pk))
        return defaultdict(lambda: Timeline([]), {g: Timeline(p) for g, p in found.items()})

    def _groups(self, row):
        if row.plan:
            plans = [row.plan]
        else:
            plans = self.plans.get(row.sku_id) or (TRIAL_PLANS if row.is_trial else LEGACY_PLANS)
        return [Group(row.sku_id, *map(str, plan), row.market, row.currency) for plan in plans]

    def _take(self, row, group):
        timeline = self.timelines[group]
        if row.is_withdrawn:
            last = row.until + DAY if row.until and row.until >= self.today else self.today
            self.plan.unchanged += not timeline.end(last, row.line)
            return
        self._know(row, group)
        amounts = (
            per_period(value, group.term, group.billing, is_monthly=row.plan is None)
            for value in (row.price, row.erp)
        )
        new = Priced(row.low, row.high, row.start, row.until, *amounts, line=row.line)
        if other := timeline.put(new):
            words = _("Line %(line)s says a price of the same offer, country, tier and day")
            self._refuse(row, words % {"line": other})

    def _refuse(self, row, reason):
        self.plan.add(Kind.REFUSED, row.line, row.name, reason=reason)

    def _know(self, row, group):
        """An offer that the catalogue does not have yet is made from what the list says."""
        if group.offer in self.offers:
            return
        offer = Offer(
            sku_id=group.sku_id,
            term=group.term,
            billing=group.billing,
            name=row.name,
            name_key=sort_key(row.name),
            publisher=row.publisher,
            category=row.category,
            is_add_on=row.is_add_on,
            is_trial=row.is_trial,
            max_quantity=MOST_TRIED if row.is_trial else MOST_OTHERWISE,
            limit_per_customer=1 if row.is_trial else None,
        )
        self.offers[group.offer] = offer
        self.plan.offers.append(offer)

    def _withdraw_others(self, named, places, kept):
        for group, timeline in self.timelines.items():
            place = (group.market, group.currency)
            if group not in named and place in places and group.sku_id not in kept:
                timeline.end(self.today)

    def _note(self, group, timeline):
        for price in timeline.prices:
            if price.is_gone:
                self._withdraw(group, price)
            elif price.was is None:
                self._add(group, price, timeline.before(price))
            elif price.facts != price.was.facts:
                self._change(group, price, timeline)
            elif price.line:
                self.plan.unchanged += 1

    def _withdraw(self, group, price):
        if price.pk is None:  # a line of the file that another line of it overtakes
            return
        self.plan.gone.append(price.pk)
        self._say(Kind.WITHDRAWN, group, price, price.was, None)

    def _add(self, group, price, before):
        self.plan.prices.append(self._row(group, price))
        self._say(Kind.CHANGED if before else Kind.ADDED, group, price, before, price)

    def _change(self, group, price, timeline):
        self.plan.prices.append(self._row(group, price))
        ends = price.until and (price.was.until is None or price.until < price.was.until)
        followed = ends and timeline.is_followed(price)
        if followed and not price.line:
            return  # the price that follows is the change
        same = (price.amount, price.erp) == (price.was.amount, price.was.erp)
        kind = Kind.WITHDRAWN if ends and same and not followed else Kind.CHANGED
        self._say(kind, group, price, price.was, price)

    def _say(self, kind, group, price, before, after):
        self.plan.add(
            kind,
            price.line,
            self.offers[group.offer].name,
            about=str(group),
            before=_written(before),
            after=_written(after),
        )

    def _row(self, group, price):
        return OfferPrice(
            pk=price.pk,
            offer=self.offers[group.offer],
            currency=group.currency,
            market=group.market,
            min_quantity=price.low,
            max_quantity=price.high,
            valid_from=price.start,
            valid_until=price.until,
            unit_price=price.amount,
            erp_price=price.erp,
        )

    def _end_demonstrations(self, named):
        """A demonstration price ends where a real one of the offer and currency arrives."""
        priced = {(*group.offer, group.currency) for group in named if self.timelines[group].prices}
        for key in priced:
            self.plan.gone += self.demonstrations.get(key, ())


def _written(price):
    """A price with its tier and days: ``4.00 (5.00), 1–99, 2026-01-01–2026-01-31``."""
    if price is None:
        return ""
    recommended = f" ({price.erp})" if price.erp is not None else ""
    tier = f", {price.low}–{price.high or ''}" if (price.low, price.high) != (1, None) else ""
    return f"{price.amount}{recommended}{tier}, {price.start}–{price.until or ''}"
