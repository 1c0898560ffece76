"""*Pricing and offers*: what everything costs in one country, today and soon."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.countries import countries, country_choices
from portal.forms import PlainForm
from portal.text import fold
from subscriptions.filters import search_field
from subscriptions.models import Billing, Offer, OfferPrice, Term
from subscriptions.models.catalog import price_day, valid_on

SOON = timedelta(days=30)


class PriceFilter(PlainForm):
    """Which offers to show, and for customers in which of the provider's countries.

    A provider sells in its own region only (domain.md 4.11); its own country comes first.
    """

    country = forms.ChoiceField(label=_("Country"), required=False)
    q = search_field(_("Search offers"))
    publisher = forms.ChoiceField(label=_("Publisher"), required=False)
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("All categories")), *Offer.Category.choices],
    )
    term = forms.ChoiceField(
        label=_("Term"), required=False, choices=[("", _("Any term")), *Term.choices]
    )
    billing = forms.ChoiceField(
        label=_("Billing type"),
        required=False,
        choices=[("", _("Any billing type")), *Billing.choices],
    )

    def __init__(self, data, *, provider, publishers):
        super().__init__(data)
        home = countries()[provider.country]
        others = [c for c in country_choices(home.region) if c[0] != home.code]
        label = f"{home.name} ({home.currency})"
        known = [(code, f"{name} ({countries()[code].currency})") for code, name in others]
        self.fields["country"].choices = [("", label), *known]
        names = [(name, name) for name in publishers]
        self.fields["publisher"].choices = [("", _("All publishers")), *names]
        self.is_valid()
        self.market = countries()[self.cleaned_data.get("country") or home.code]

    def offers(self):
        """The offers that have a price today or within 30 days, as far as they match."""
        currency, market = self.market.currency, self.market.code
        coming = _in(self.market).filter(offer=OuterRef("pk"), **_soon())
        priced = Offer.objects.priced_in(currency, market=market, quantity=F("min_quantity"))
        offers = priced.filter(Q(price__isnull=False) | Exists(coming), is_available=True)
        for word in fold(self.cleaned_data.get("q", "")).split():
            offers = offers.filter(name_key__contains=word)
        exact = ("publisher", "category", "term", "billing")
        chosen = {name: self.cleaned_data.get(name) for name in exact}
        return offers.filter(**{name: value for name, value in chosen.items() if value})


class Tier(NamedTuple):
    """What one license costs from so many licenses on: today, and from another day on.

    ``price`` is None for what begins to be sold, ``next`` for what stays; ``ends`` is the last day
    of what will not be sold any more.
    """

    price: OfferPrice | None
    next: OfferPrice | None
    ends: object = None


def with_tiers(offers, market):
    """``offers`` as a list, each with its ``tiers`` in the Country ``market``, in one query."""
    offers = list(offers)
    today = price_day()
    counting = _in(market).filter(valid_on(today) | Q(**_soon()), offer__in=offers)
    found = defaultdict(list)
    for price in counting.order_by("min_quantity", "valid_from"):
        found[price.offer_id].append(price)
    for offer in offers:
        offer.tiers = _tiers(found[offer.pk], today)
    return offers


def _tiers(prices, today):
    """A country's own prices go before those for every country of the currency."""
    own = [price for price in prices if price.market] or prices
    by_low = defaultdict(list)
    for price in own:
        by_low[price.min_quantity].append(price)
    return [_tier(several, today) for several in by_low.values()]


def _tier(prices, today):
    now = prices[0] if prices[0].valid_from <= today else None
    later = next((price for price in prices if price.valid_from > today), None)
    ends = now and not later and now.valid_until
    return Tier(now, later, ends if ends and ends <= today + SOON else None)


def _in(market):
    """Prices that customers in this Country can pay."""
    return OfferPrice.objects.filter(currency=market.currency, market__in=["", market.code])


def _soon():
    today = price_day()
    return {"valid_from__gt": today, "valid_from__lte": today + SOON}
