"""What one cell of a price file means; each function raises BadCell with a sentence."""

import re
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from portal.countries import countries
from portal.text import has_control_characters
from subscriptions.models import Billing, Term

MOST = 2**31 - 1  # licenses that the database can count
LONGEST = 80  # characters of a cell that a sentence repeats
NO_END = 9000  # a year from here on is the vendor's word for "no end"
TERMS = {
    **{"P1M": Term.MONTH, "P1Y": Term.YEAR, "P12M": Term.YEAR},
    **{"P3Y": Term.THREE_YEARS, "P36M": Term.THREE_YEARS},
    **{"P6Y": Term.SIX_YEARS, "P72M": Term.SIX_YEARS},
}
BILLING = {
    "monthly": Billing.MONTHLY,
    "annual": Billing.ANNUAL,
    "triennial": Billing.ONE_TIME,
    "onetime": Billing.ONE_TIME,
    "none": Billing.NONE,
}
MONTHS = {Term.MONTH: 1, Term.YEAR: 12, Term.THREE_YEARS: 36, Term.SIX_YEARS: 72, Term.TRIAL: 1}
# How often each way of billing asks for money in so many months; once in the others.
EVERY = {Billing.MONTHLY: 1, Billing.ANNUAL: 12}

AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,10})?")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})([T ].*)?")
VENDORS_DAY = re.compile(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})( .*)?")
NEW_SKU = re.compile(r"([A-Za-z0-9]{12})[/:]([A-Za-z0-9]{4})(:.*)?")


class BadCell(ValueError):
    """Why a row can't be used."""


def text(cells, name, longest):
    """The words of the cell, which must hold some."""
    found = cells.get(name, "")
    if not found:
        raise BadCell(_("%(column)s is empty") % {"column": name})
    if len(found) > longest:
        words = _("%(column)s is longer than %(most)s characters")
        raise BadCell(words % {"column": name, "most": longest})
    if has_control_characters(found):
        raise BadCell(_("%(column)s holds invisible characters") % {"column": name})
    return found


def amount(cells, name):
    """A Decimal of zero or more, with a point; None for an empty cell."""
    found = cells.get(name, "")
    if not found:
        return None
    if not AMOUNT.fullmatch(found):
        raise _unreadable(name, found, _("no amount like 48.00"))
    return Decimal(found)


def day(cells, name):
    """A date, or None for an empty cell and for an end that never comes.

    The vendor writes 2026-01-31, also with a time behind it, or 1/31/2026; the time is not looked
    at, because the last day of a price is a whole day.
    """
    found = cells.get(name, "")
    if not found:
        return None
    iso, other = ISO_DAY.fullmatch(found), VENDORS_DAY.fullmatch(found)
    try:
        if iso:
            whole = date(int(iso[1]), int(iso[2]), int(iso[3]))
        else:
            whole = date(int(other["y"]), int(other["m"]), int(other["d"]))
    except (TypeError, ValueError):
        raise _unreadable(name, found, _("no day like 2026-01-31")) from None
    return None if whole.year >= NO_END else whole


def number(cells, name, default):
    """A number of licenses; ``default`` for an empty cell and, as the vendor writes it, for 0."""
    found = cells.get(name, "")
    if not found or set(found) <= {"0"}:
        return default
    if not (found.isascii() and found.isdecimal() and len(found) <= 10 and int(found) <= MOST):
        raise _unreadable(name, found, _("no number of licenses"))
    return int(found)


def market(cells, name):
    """A country by its two-letter code."""
    found = cells.get(name, "").upper()
    if found not in countries():
        raise _unreadable(name, found, _("no two-letter code of a country"))
    return found


def currency(cells, name, known):
    """One of the codes in ``known``."""
    found = cells.get(name, "").upper()
    if found not in known:
        raise _unreadable(name, found, _("no currency that anything is sold in"))
    return found


def term_and_billing(cells):
    """How long a commitment of the new commerce lasts and how often it is billed."""
    term, billing = cells.get("TermDuration", ""), cells.get("BillingPlan", "")
    if not term:
        raise BadCell(_("TermDuration is empty: software without a term is not sold here"))
    if term.upper() not in TERMS:
        raise _unreadable("TermDuration", term, _("unknown"))
    if billing.casefold().replace("-", "") not in BILLING:
        raise _unreadable("BillingPlan", billing, _("unknown"))
    found = TERMS[term.upper()], BILLING[billing.casefold().replace("-", "")]
    if MONTHS[found[0]] % EVERY.get(found[1], 1):
        words = _("A term of %(term)s can't be billed %(billing)s")
        raise BadCell(words % {"term": term, "billing": billing})
    return found


def guid(cells, name):
    """A UUID, or None for an empty cell."""
    found = cells.get(name, "")
    try:
        return UUID(found) if found else None
    except ValueError:
        raise _unreadable(name, found, _("no GUID")) from None


def several(cells, name):
    """The parts of a cell like ``AD;AE;AF``."""
    found = cells.get(name, "")
    return [
        part.strip() for part in re.split("[;|]" if ";" in found else "[,|]", found) if part.strip()
    ]


def sku(words):
    """``words`` as this catalogue writes what can be ordered, or "" where they are no such id."""
    if new := NEW_SKU.fullmatch(words):
        return f"{new[1]}/{new[2]}".upper()
    try:
        return str(UUID(words))
    except ValueError:
        return ""


def country_codes(cells, name):
    """Two-letter codes, sorted; the vendor also names countries that we have no currency for."""
    found = sorted({code.upper() for code in several(cells, name)})
    for code in found:
        if not re.fullmatch("[A-Z]{2}", code):
            raise _unreadable(name, code, _("no two-letter code of a country"))
    return found


def _unreadable(name, found, why):
    words = _("%(column)s “%(found)s” is %(why)s")
    return BadCell(words % {"column": name, "found": found[:LONGEST], "why": why})
