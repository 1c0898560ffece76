"""Invented prices: no price list is public.

The same offer always gets the same number, and each one is marked as a demonstration.
"""

from datetime import date
from decimal import Decimal
from hashlib import sha256

from subscriptions.models import Billing, Offer, Term

Category = Offer.Category
SINCE = date(2021, 1, 1)  # they have always counted

# Units of a currency for one euro, roughly; what is sold in these currencies has a price.
RATES = {
    "EUR": "1",
    "USD": "1.10",
    "GBP": "0.85",
    "CHF": "0.95",
    "DKK": "7.45",
    "SEK": "11.20",
    "NOK": "11.60",
    "AUD": "1.65",
    "NZD": "1.80",
    "CAD": "1.50",
    "INR": "92",
    "JPY": "160",
    "KRW": "1450",
    "TWD": "35",
    "RUB": "95",
}
WHOLE = {"INR", "JPY", "KRW", "TWD", "RUB"}  # shown without small change
# Euros per license and month, from and to.
RANGES = {
    Category.SMALL_BUSINESS: ("4.00", "22.00"),
    Category.ENTERPRISE: ("6.00", "58.00"),
    Category.ADD_ON: ("2.00", "14.00"),
    Category.EDUCATION: ("2.00", "6.00"),
    Category.GOVERNMENT: ("5.00", "30.00"),
}
# A month without commitment costs more, years are paid at once.
FACTORS = {
    (Term.MONTH, Billing.MONTHLY): Decimal("1.2"),
    (Term.YEAR, Billing.MONTHLY): Decimal(1),
    (Term.YEAR, Billing.ANNUAL): Decimal(12),
    (Term.THREE_YEARS, Billing.ANNUAL): Decimal(11),
    (Term.THREE_YEARS, Billing.ONE_TIME): Decimal(32),
    (Term.SIX_YEARS, Billing.ONE_TIME): Decimal(60),
}
GOVERNMENT_CURRENCIES = {"USD"}


def sold_in(category, currencies):
    """Those of ``currencies`` that offers of this category are sold in."""
    limited = category == Category.GOVERNMENT
    return [code for code in currencies if not limited or code in GOVERNMENT_CURRENCIES]


def price_of(sku_id, category, term, billing, currency):
    """The invented price of one license per billing period, excluding tax; a Decimal."""
    if billing == Billing.NONE:
        return Decimal(0)
    low, high = (Decimal(bound) for bound in RANGES[category])
    share = Decimal(int(sha256(sku_id.encode()).hexdigest()[:8], 16)) / Decimal(0xFFFFFFFF)
    monthly = (low + (high - low) * share).quantize(Decimal("0.1"))
    amount = monthly * FACTORS[term, billing] * Decimal(RATES[currency])
    return amount.quantize(Decimal(1) if currency in WHOLE else Decimal("0.1"))
