import re
from functools import lru_cache

from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language, to_locale

from subscriptions.quantities import in_words
from subscriptions.totals import PER, totals

register = template.Library()


@register.filter
def money(amount, currency):
    """The amount with its currency as the reader's language writes it: €20.60, 20,60 €."""
    return _in_language(amount, currency, get_language() or "en")


@lru_cache(maxsize=1000)  # lists repeat few amounts, and writing one takes a while
def _in_language(amount, currency, language):
    words = format_currency(amount, currency, locale=to_locale(language))
    return re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", words)


@register.filter
def grouped(number):
    """A count as the reader's language writes it: 1,000."""
    return in_words(number)


@register.filter
def per(billing):
    """How often an amount is due: "per month"."""
    return PER[billing]


@register.filter
def line_totals(lines):
    """What the lines of an order add up to, per way of billing."""
    return totals((line.total, line.currency, line.offer.billing) for line in lines)
