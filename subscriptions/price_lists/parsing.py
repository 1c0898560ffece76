"""What a row of each kind of price file means (domain.md 5).

Prices of the new commerce are for the whole term, those of the licence price list for a month,
all without tax. Names and publishers are taken from a price list only for what the catalogue does
not know.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from subscriptions.models import Offer
from subscriptions.price_lists import cells as c

Category = Offer.Category
MOST_OTHERWISE = 10_000_000  # licenses, where nothing says how many
PUBLISHER = "Microsoft"
SEGMENTS = {
    "education": Category.EDUCATION,
    "academic": Category.EDUCATION,
    "government": Category.GOVERNMENT,
    "charity": Category.NON_PROFIT,
    "nonprofit": Category.NON_PROFIT,
}
WITHDRAWN = {"DEL", "DEPR"}
KNOWN_MARKS = {"ADD", "CHG", "UNC"} | WITHDRAWN


class PriceRow(NamedTuple):
    """A price: for the whole term of ``plan``, or for a month of every plan that is sold."""

    line: int
    sku_id: str
    name: str
    publisher: str
    category: str
    is_add_on: bool
    is_trial: bool
    plan: tuple | None  # (Term, Billing)
    market: str
    currency: str
    low: int
    high: int | None
    start: date
    until: date | None
    price: Decimal
    erp: Decimal | None
    is_withdrawn: bool = False


class MatrixRow(NamedTuple):
    """What an offer is, whatever its term: limits, product, relatives and countries."""

    line: int
    sku_id: str
    guid: UUID | None
    low: int
    high: int
    limit: int | None
    prerequisites: list
    conversions: list
    countries: list


def new_price(row, currency, known):
    """The PriceRow of a new-commerce price list; raises BadCell."""
    cells = row.cells
    if cells.get("MeterType") or cells.get("MeterIds"):
        raise c.BadCell(_("It is billed by usage: only licenses are sold here"))
    title = cells.get("SkuTitle") or cells.get("ProductTitle", "")
    is_trial = "trial" in title.casefold()
    return PriceRow(
        line=row.number,
        sku_id=_new_sku(cells),
        name=c.text({"SkuTitle": title}, "SkuTitle", 190),
        publisher=cells.get("Publisher", "")[:100] or PUBLISHER,
        category=_category(cells.get("Segment", ""), is_trial, is_add_on=False),
        is_add_on=False,
        is_trial=is_trial,
        plan=c.term_and_billing(cells),
        market=c.market(cells, "Market"),
        currency=c.currency(cells, "Currency", known),
        price=_needed(c.amount(cells, "UnitPrice"), "UnitPrice"),
        **_days(cells, "EffectiveStartDate", "EffectiveEndDate"),
        **_tier(cells),
        erp=c.amount(cells, "ERP Price"),
    )


def legacy_price(row, currency, known):
    """The PriceRow of a licence price list; raises BadCell."""
    cells = row.cells
    mark = cells["A/C/D/U"].upper()
    if mark not in KNOWN_MARKS:
        raise c.BadCell(_("A/C/D/U “%(mark)s” is unknown") % {"mark": mark[: c.LONGEST]})
    kind = cells.get("Secondary License Type", "").casefold()
    is_trial, is_add_on = "trial" in kind, kind.startswith("add")
    segment = cells.get("End Customer Type") or cells.get("License Agreement Type", "")
    return PriceRow(
        line=row.number,
        sku_id=str(_needed(c.guid(cells, "Offer ID"), "Offer ID")),
        name=c.text(cells, "Offer Display Name", 190),
        publisher=PUBLISHER,
        category=_category(segment, is_trial, is_add_on),
        is_add_on=is_add_on,
        is_trial=is_trial,
        plan=None,
        market="",
        currency=currency,
        low=1,
        high=None,
        price=_needed(c.amount(cells, "List Price"), "List Price"),
        erp=c.amount(cells, "ERP Price"),
        is_withdrawn=mark in WITHDRAWN,
        **_days(cells, "Valid From Date", "Valid To Date"),
    )


def _category(segment, is_trial, is_add_on):
    if is_trial:
        return Category.TRIAL
    return SEGMENTS.get(segment.casefold(), Category.ADD_ON if is_add_on else Category.ENTERPRISE)


def new_facts(row, currency, known):
    """The MatrixRow of a new-commerce offer matrix; raises BadCell."""
    cells = row.cells
    return _facts(
        row,
        sku_id=_new_sku(cells),
        guid=c.guid(cells, "ProvisioningId"),
        quantities=("MinLicenses", "MaxLicenses", "AssetOwnershipLimit"),
        relatives=("ProductSkuPreRequisites", "ProductSkuConversion"),
        countries=c.country_codes(cells, "AllowedCountries"),
    )


def legacy_facts(row, currency, known):
    """The MatrixRow of a legacy offer matrix; raises BadCell."""
    cells = row.cells
    return _facts(
        row,
        sku_id=str(_needed(c.guid(cells, "Durable Offer ID"), "Durable Offer ID")),
        guid=None,
        quantities=("Min Seat Count", "Max Seat Count", "Offer Limit"),
        relatives=("Depends On", "Can Convert To"),
        countries=c.country_codes(cells, "Allowed Countries"),
    )


def _facts(row, *, sku_id, guid, quantities, relatives, countries):
    lowest, highest, limit = quantities
    low = c.number(row.cells, lowest, 1)
    high = c.number(row.cells, highest, MOST_OTHERWISE)
    if low > high:
        words = _("%(lowest)s %(low)s is more than %(highest)s %(high)s")
        names = {"lowest": lowest, "highest": highest}
        raise c.BadCell(words % {**names, "low": low, "high": high})
    most = c.number(row.cells, limit, None)
    needs, leads = (c.several(row.cells, name) for name in relatives)
    # Numbers of subscriptions are small; what is larger is no limit.
    most = most if most and most < 2**15 else None
    return MatrixRow(row.number, sku_id, guid, low, high, most, needs, leads, countries)


def _new_sku(cells):
    product, sku = c.text(cells, "ProductId", 12), c.text(cells, "SkuId", 4)
    found = c.sku(f"{product}/{sku.zfill(4)}")  # spreadsheets eat the zeros before a number
    if not found:
        words = _("ProductId and SkuId are not like CFQ7TTC0LH18 and 0001")
        raise c.BadCell(words)
    return found


def _tier(cells):
    low = c.number(cells, "PricingTierRangeMin", 1)
    high = c.number(cells, "PricingTierRangeMax", None)
    if high and low > high:
        raise c.BadCell(_("PricingTierRangeMin is more than PricingTierRangeMax"))
    return {"low": low, "high": None if high == c.MOST else high}


def _days(cells, first, last):
    start, until = _needed(c.day(cells, first), first), c.day(cells, last)
    if until and until < start:
        raise c.BadCell(_("%(last)s is before %(first)s") % {"first": first, "last": last})
    return {"start": start, "until": until}


def _needed(value, name):
    if value is None:
        raise c.BadCell(_("%(column)s is empty") % {"column": name})
    return value
