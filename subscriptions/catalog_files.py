"""Reading the catalogue's files: the good rows, and what is wrong with each of the others.

Cells that a file of offers leaves empty mean what the program's documentation says: from 1
license; at most 300 for small business, 10,000,000 for everything else, 25 for a trial (fixed);
one year, billed monthly or annually. "free" in the note means free of charge. A name in
brackets, ``(any trial offer)``, is a rule for all of its kind instead of an offer.
"""

import csv
import re
from typing import NamedTuple
from uuid import UUID

from portal.text import has_control_characters
from subscriptions.models import Billing, Offer, Term

Category = Offer.Category

PRODUCT_COLUMNS = ("product_name", "string_id", "guid")
OFFER_COLUMNS = (
    *("offer_name", "legacy_offer_id", "product_id", "sku_id", "entra_sku_guid"),
    *("category", "is_addon", "is_trial", "min_qty", "max_qty", "limit_scope", "limit"),
    *("term", "billing_plans", "upgrade_or_conversion_targets", "prerequisites", "note"),
)
CATEGORIES = {
    "enterprise": Category.ENTERPRISE,
    "small business": Category.SMALL_BUSINESS,
    "education": Category.EDUCATION,
    "education add-on": Category.EDUCATION,
    "government": Category.GOVERNMENT,
    "add-on": Category.ADD_ON,
    "trial": Category.TRIAL,
}
TERMS = {**{term.value: term for term in Term}, "30 days": Term.TRIAL}
BILLING = {
    "monthly": Billing.MONTHLY,
    "annual": Billing.ANNUAL,
    "billed up front": Billing.ONE_TIME,
    "none": Billing.NONE,
}
# How each term can be billed at all.
PLANS = {
    Term.MONTH: (Billing.MONTHLY,),
    Term.YEAR: (Billing.MONTHLY, Billing.ANNUAL),
    Term.THREE_YEARS: (Billing.ANNUAL, Billing.ONE_TIME),
    Term.SIX_YEARS: (Billing.ONE_TIME,),
    Term.TRIAL: (Billing.NONE,),
}
# What a limit counts: subscriptions at a time, subscriptions ever, or licenses in one pool.
SCOPES = {"", "concurrent", "concurrentcount", "lifetime", "seat pool"}
MOST = {Category.SMALL_BUSINESS: 300, Category.TRIAL: 25}
MOST_OTHERWISE = 10_000_000
REMARK = re.compile(r"^\([^)]*\)")


class Refusal(NamedTuple):
    """A row that was left out."""

    file: str
    line: int
    reason: str

    def __str__(self):
        return f"{self.file} line {self.line}: {self.reason}"


class BadRow(ValueError):
    """Why a row can't be used."""


class ProductRow(NamedTuple):
    guid: UUID
    string_id: str
    name: str


class OfferRow(NamedTuple):
    name: str
    guid: UUID | None
    sku_id: str
    category: str
    is_add_on: bool
    is_trial: bool
    is_free: bool
    min_quantity: int
    max_quantity: int
    limit: int | None
    plans: tuple
    # Other offers, by id or name as the source writes them; some are no offers at all.
    conversions: tuple
    prerequisites: tuple

    @property
    def is_rule(self):
        return self.name.startswith("(")


def read_products(path):
    """The products of the file and the rows refused."""
    return _read(path, PRODUCT_COLUMNS, _product, key=lambda product: product.guid)


def read_offers(path, guids):
    """The offers of the file, whose products must be among ``guids``, and the rows refused."""

    def parse(row):
        offer = _offer(row)
        if offer.guid and offer.guid not in guids:
            raise BadRow(f"entra_sku_guid {offer.guid} is no product of the catalogue")
        return offer

    return _read(path, OFFER_COLUMNS, parse, key=lambda offer: offer.sku_id)


def _read(path, columns, parse, key):
    good, refused = {}, []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in columns if name not in (rows.fieldnames or ())]
        if missing:
            return [], [Refusal(path.name, 1, f"missing column {', '.join(missing)}")]
        for row in rows:
            try:
                found = parse(_checked(row, columns))
                if key(found) in good:
                    raise BadRow(f"{key(found)} is there twice")
                good[key(found)] = found
            except BadRow as problem:
                refused.append(Refusal(path.name, rows.line_num, str(problem)))
    return list(good.values()), refused


def _checked(row, columns):
    if None in row or None in row.values():
        raise BadRow("the number of cells is not the number of columns")
    cells = {name: " ".join(row[name].split()) for name in columns}
    for name, text in cells.items():
        if has_control_characters(text):
            raise BadRow(f"{name} holds invisible characters")
    return cells


def _product(row):
    guid = _guid(row, "guid")
    if guid is None:
        raise BadRow("guid is empty")
    return ProductRow(guid, _text(row, "string_id", 150), _text(row, "product_name", 200))


def _offer(row):
    category = _one_of(row, "category", CATEGORIES)
    is_trial = _flag(row, "is_trial")
    low = _number(row, "min_qty", 1)
    high = _number(row, "max_qty", MOST.get(category, MOST_OTHERWISE))
    if low > high:
        raise BadRow(f"min_qty {low} is more than max_qty {high}")
    return OfferRow(
        name=_text(row, "offer_name", 190),
        guid=_guid(row, "entra_sku_guid"),
        sku_id=_sku(row),
        category=category,
        is_add_on=_flag(row, "is_addon"),
        is_trial=is_trial,
        is_free=row["note"].lower().startswith("free"),
        min_quantity=low,
        max_quantity=high,
        limit=_limit(row),
        plans=_plans(row),
        conversions=_relatives(row, "upgrade_or_conversion_targets"),
        prerequisites=_relatives(row, "prerequisites"),
    )


def _sku(row):
    """What the vendor calls the offer, by whichever of its numbering schemes the file knows."""
    new = "/".join(filter(None, (row["product_id"], row["sku_id"])))
    sku = new or row["legacy_offer_id"] or row["entra_sku_guid"] or row["offer_name"]
    return sku[:50]


def _limit(row):
    scope = row["limit_scope"].lower()
    if scope not in SCOPES:
        raise BadRow(f"limit_scope {row['limit_scope']} is unknown")
    limit = _number(row, "limit", None)
    # A pool of licenses is one subscription, which max_qty already keeps small enough.
    return 1 if scope == "seat pool" else limit


def _plans(row):
    """Every (term, billing) the offer is sold for."""
    if row["note"].lower().startswith("free"):
        return ((Term.YEAR, Billing.NONE),)
    terms = _several(row, "term", TERMS) or [Term.YEAR]
    billing = _several(row, "billing_plans", BILLING) or list(Billing)
    plans = [(term, plan) for term in terms for plan in PLANS[term] if plan in billing]
    if not plans:
        raise BadRow(f"no billing plan of {row['billing_plans']} fits the term {row['term']}")
    return tuple(plans)


def _relatives(row, name):
    """Other offers, as in ``CFQ7TTC0LDPB/0001;(2021 UI) Office 365 E3``, without the remarks."""
    words = (REMARK.sub("", part).strip() for part in row[name].split(";"))
    return tuple(filter(None, words))


def _text(row, name, longest):
    if not row[name]:
        raise BadRow(f"{name} is empty")
    if len(row[name]) > longest:
        raise BadRow(f"{name} is longer than {longest} characters")
    return row[name]


def _guid(row, name):
    try:
        return UUID(row[name]) if row[name] else None
    except ValueError:
        raise BadRow(f"{name} {row[name]} is no GUID") from None


def _number(row, name, default):
    if not row[name]:
        return default
    if not (row[name].isascii() and row[name].isdecimal() and len(row[name]) <= 9):
        raise BadRow(f"{name} {row[name]} is no number of licenses")
    if int(row[name]) < 1:
        raise BadRow(f"{name} is less than 1")
    return int(row[name])


def _flag(row, name):
    if row[name] not in {"0", "1"}:
        raise BadRow(f"{name} is neither 0 nor 1")
    return row[name] == "1"


def _one_of(row, name, known):
    if row[name].lower() not in known:
        raise BadRow(f"{name} {row[name]} is unknown")
    return known[row[name].lower()]


def _several(row, name, known):
    """The words of a cell like ``Annual|Monthly``."""
    lowered = {word.lower(): value for word, value in known.items()}
    words = [word.strip() for word in row[name].split("|") if word.strip()]
    unknown = [word for word in words if word.lower() not in lowered]
    if unknown:
        raise BadRow(f"{name} {unknown[0]} is unknown")
    return [lowered[word.lower()] for word in words]
