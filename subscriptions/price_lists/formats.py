"""The four kinds of price files, by the columns they have (domain.md 5).

The price sheet that programs fetch is the new commerce's price list with more columns.
"""

from typing import NamedTuple

from portal.csv_files import Layout
from subscriptions.price_lists import parsing

MOST_ROWS = 500_000


class Format(NamedTuple):
    """A kind of file; ``parse(row, currency, known currencies)`` makes a row of ``parsing``."""

    name: str
    layout: Layout
    parse: object
    holds_prices: bool
    needs_currency: bool = False


def _layout(names, required, spellings=()):
    known = {name: {name.casefold()} for name in names}
    for name, others in spellings:
        known[name] |= others
    return Layout(known, required, required, MOST_ROWS, 2 * MOST_ROWS, others=True)


PRICE_COLUMNS = (
    *("ProductTitle", "ProductId", "SkuId", "SkuTitle", "Publisher", "SkuDescription"),
    *("UnitOfMeasure", "TermDuration", "BillingPlan", "Market", "Currency", "UnitPrice"),
    *("PricingTierRangeMin", "PricingTierRangeMax", "EffectiveStartDate", "EffectiveEndDate"),
    *("Tags", "ERP Price"),
)
MATRIX_COLUMNS = (
    *("ProductTitle", "ProductId", "SkuId", "SkuTitle", "ProvisioningId", "ProvisioningString"),
    *("MinLicenses", "MaxLicenses", "AssetOwnershipLimit", "AssetOwnershipLimitType"),
    *("ProductSkuPreRequisites", "ProductSkuConversion", "Description", "AllowedCountries"),
)
LEGACY_PRICE_COLUMNS = (
    *("A/C/D/U", "Valid From Date", "Valid To Date", "Offer Display Name", "Offer ID"),
    *("License Agreement Type", "Purchase Unit", "Secondary License Type", "End Customer Type"),
    *("List Price", "ERP Price", "Material"),
)
LEGACY_MATRIX_COLUMNS = (
    *("Offer Display Name", "Durable Offer ID", "Duration", "Billing Frequency"),
    *("Min Seat Count", "Max Seat Count", "Offer Limit", "Offer Limit Scope", "Depends On"),
    *("Can Convert To", "Offer URI", "LearnMoreLink", "Offer Display Description"),
    "Allowed Countries",
)
# What a price sheet, or another edition of the list, has besides.
MORE = ("MeterIds", "MeterType", "Segment", "EndofSaleDate")
FORMATS = [
    Format(
        "new-commerce price list",
        _layout(
            (*PRICE_COLUMNS, *MORE),
            (
                *("ProductId", "SkuId", "TermDuration", "BillingPlan", "Market", "Currency"),
                *("UnitPrice", "EffectiveStartDate"),
            ),
            [("ERP Price", {"erpprice"}), ("MeterIds", {"meterid"})],
        ),
        parsing.new_price,
        holds_prices=True,
    ),
    Format(
        "new-commerce offer matrix",
        _layout(MATRIX_COLUMNS, ("ProductId", "SkuId", "MinLicenses", "MaxLicenses")),
        parsing.new_facts,
        holds_prices=False,
    ),
    Format(
        "legacy licence price list",
        _layout(
            LEGACY_PRICE_COLUMNS,
            ("A/C/D/U", "Valid From Date", "Offer Display Name", "Offer ID", "List Price"),
        ),
        parsing.legacy_price,
        holds_prices=True,
        needs_currency=True,
    ),
    Format(
        "legacy offer matrix",
        _layout(LEGACY_MATRIX_COLUMNS, ("Durable Offer ID", "Min Seat Count", "Max Seat Count")),
        parsing.legacy_facts,
        holds_prices=False,
    ),
]
