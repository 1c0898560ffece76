"""From a file to its rows: what kind it is, the good rows, and why the others are refused."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.countries import countries
from portal.csv_files import encoding_of, read_rows, text_of
from subscriptions.price_lists.cells import BadCell, sku
from subscriptions.price_lists.formats import FORMATS, Format


class Refusal(NamedTuple):
    """A row that is left out, and what it is about as far as that can be read."""

    line: int
    name: str
    reason: str
    sku_id: str = ""


class PriceFile(NamedTuple):
    """A file that was read: its kind, rows that make sense by themselves, and the others."""

    format: Format
    rows: list
    refused: list


def read(stream, *, currency=""):
    """The PriceFile in a seekable binary stream, which stays open.

    ``currency`` is that of a legacy price list, which does not say. Raises ValidationError with a
    sentence for what is none of the four kinds of files or can't be read as a whole.
    """
    lines = text_of(stream, encoding_of(stream))
    try:
        kind = _recognised(lines)
        if kind.needs_currency and not currency:
            words = _("A legacy price list does not say its currency: select it.")
            raise ValidationError(words, code="currency")
        return _read(lines, kind, currency)
    finally:
        lines.detach()  # the stream is the caller's to close


def currencies():
    """Codes of everything that is sold in, in the order of the alphabet."""
    return sorted({country.currency for country in countries().values()})


def _recognised(lines):
    for kind in FORMATS:
        try:
            next(read_rows(lines, kind.layout))
        except ValidationError as problem:
            if problem.code != "header":
                raise
        else:
            return kind
    words = _(
        "This is no price list and no offer matrix: the names of the columns in the first row are "
        "those of neither. Save the sheet with the prices, with its first row, as “CSV UTF-8”."
    )
    raise ValidationError(words, code="header")


def _read(lines, kind, currency):
    rows, refused, known = [], [], set(currencies())
    for row in read_rows(lines, kind.layout):
        try:
            if row.has_more_cells:
                raise BadCell(_("There are more cells than columns"))
            rows.append(kind.parse(row, currency, known))
        except BadCell as problem:
            refused.append(_refusal(row, str(problem)))
    return PriceFile(kind, rows, refused)


def _refusal(row, reason):
    cells = row.cells
    name = next((cells[n] for n in ("SkuTitle", "Offer Display Name") if cells.get(n)), "")
    new = f"{cells.get('ProductId', '')}/{cells.get('SkuId', '').zfill(4)}"
    legacy = cells.get("Offer ID") or cells.get("Durable Offer ID", "")
    return Refusal(row.number, name[:200], reason, sku(new) or sku(legacy))
