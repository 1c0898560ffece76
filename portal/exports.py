"""Files to take away: the one place that writes CSV.

A list leaves the portal in one of two dialects, because Excel reads only the one its language
expects. What people typed can't act when a spreadsheet opens it: see ``harmless``.
"""

import csv
from io import StringIO
from itertools import chain

from django.db import models
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST_PART = 40  # characters of one part of a file's name


class Dialect(models.TextChoices):
    """How a CSV file separates its cells, in the words of those who choose it."""

    COMMA = "comma", _("CSV (UTF-8, comma)")
    EXCEL = "excel", _("CSV for Excel in German (semicolon, BOM)")


SEPARATORS = {Dialect.COMMA: ",", Dialect.EXCEL: ";"}


def chosen_dialect(text):
    """The Dialect called ``text``; for any other text, the one of the reader's language."""
    if text in Dialect.values:
        return Dialect(text)
    return Dialect.EXCEL if (get_language() or "").startswith("de") else Dialect.COMMA


def csv_response(rows, *, header, dialect, name):
    """A download of ``rows`` (each as many cells as ``header``) that no cache may keep.

    It is written here and now, inside the transaction that may see the rows, not while it is
    being sent. ``name`` is the file's, as ``file_name`` makes it.
    """
    text = StringIO(newline="")
    if dialect == Dialect.EXCEL:
        text.write("\ufeff")
    writer = csv.writer(text, delimiter=SEPARATORS[dialect])
    writer.writerow(map(harmless, header))
    writer.writerows(map(harmless, row) for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def streamed_csv(rows, *, header, dialect, name):
    """The same for what is shown once: nothing of it is kept here while it is being sent.

    ``rows`` is made already, inside the transaction that may see it.
    """
    writer = csv.writer(_Echo(), delimiter=SEPARATORS[dialect])
    mark = ["\ufeff"] if dialect == Dialect.EXCEL else []
    lines = (writer.writerow(map(harmless, row)) for row in chain([header], rows))
    response = StreamingHttpResponse(chain(mark, lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


class _Echo:
    """What csv writes into, to get each line back at once."""

    def write(self, line):
        return line


def harmless(cell):
    """The cell as a spreadsheet shows it instead of calculating it: a formula gets a quote."""
    if isinstance(cell, str) and cell.lstrip(" \n").startswith(BEGINS_A_FORMULA):
        return f"'{cell}"
    return cell


def moment(value):
    """A moment in the reader's zone with its offset, to the second; "" for none."""
    return localtime(value).isoformat(timespec="seconds") if value else ""


def file_name(*parts):
    """``nordwind_resellers_DE_2026-11-22_1042.csv``: the parts that say something, and the time.

    Parts are whatever people typed or chose; only plain letters and digits stay.
    """
    plain = (slugify(str(part))[:LONGEST_PART] for part in parts)
    kept = [_as_written(part, slug) for part, slug in zip(parts, plain, strict=True) if slug]
    return "_".join([*kept, f"{localtime(now()):%Y-%m-%d_%H%M}"]) + ".csv"


def _as_written(part, slug):
    """Codes of countries stay in capitals."""
    return slug.upper() if str(part).isupper() and len(slug) == 2 else slug
