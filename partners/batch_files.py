"""Files of resellers to ask: CSV as spreadsheets write it, read whole or refused with a reason."""

import csv
from io import StringIO
from itertools import islice
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_ROWS = 500
LARGEST = 1024 * 1024  # bytes; 500 rows need far less
LAST_LINE = 32_767
COLUMNS = {
    "recipient": {"recipient", "email", "email address", "e-mail", "empfänger", "e-mail-adresse"},
    "language": {"language", "sprache"},
    "note": {"note", "notiz"},
}
SEPARATORS = ",;\t"  # the last is what a spreadsheet puts on the clipboard
HINT = "sep="  # Excel's own first line


class Line(NamedTuple):
    """One row of the file, as it stands there; ``number`` is the line it begins in."""

    number: int
    recipient: str
    language: str = ""
    note: str = ""
    has_more_cells: bool = False


def read(content):
    """The Lines of a file (bytes) or of pasted text.

    Raises ValidationError with what is wrong and how to mend it, when it can't be read as a whole.
    """
    text = content if isinstance(content, str) else _decoded(content)
    if "\0" in text:
        raise ValidationError(_("This is no text: it holds NUL characters."), code="binary")
    rows = _rows(text)
    header = next(rows, (0, []))[1]
    places = _places(header)
    lines = [_line(number, cells, places, len(header)) for number, cells in islice(rows, MOST_ROWS)]
    if next(rows, None):
        words = _("There are more than %(most)s rows. Split the file.")
        raise ValidationError(words % {"most": MOST_ROWS}, code="rows")
    if not lines:
        raise ValidationError(_("There is no row below the names of the columns."), code="empty")
    return lines


def _decoded(content):
    if len(content) > LARGEST:
        raise ValidationError(_("The file is larger than 1 MB. Split it."), code="size")
    if content.startswith(b"PK\x03\x04"):
        words = _("This is an Excel workbook. In Excel, save it as “CSV UTF-8”.")
        raise ValidationError(words, code="workbook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = _(
            "The letters of this file are not in UTF-8, probably because Excel saved it in the old "
            "Windows way (cp1252). In Excel, save it as “CSV UTF-8” and choose it again."
        )
        raise ValidationError(words, code="encoding") from None


def _rows(text):
    """(line it begins in, cells) of each row that is not empty; the header is the first."""
    stream = StringIO(text, newline="")
    skipped = int(text[: len(HINT)].casefold() == HINT)
    if skipped:
        stream.readline()
    reader = csv.reader(stream, delimiter=_separator(text, skipped), strict=True)
    begins = 1 + skipped
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _known_line(begins), cells
            begins = reader.line_num + 1 + skipped
    except csv.Error:
        words = _("Line %(line)s can't be read. Is a quotation mark missing, or a cell too long?")
        raise ValidationError(words % {"line": begins}, code="csv") from None


def _separator(text, skipped):
    """The one under which the most columns of the header are known."""
    lines = (line for line in text.splitlines()[skipped:] if line.strip())
    header = next(lines, "").casefold()
    known = set().union(*COLUMNS.values())

    def columns(separator):
        return len(known & {cell.strip(' "') for cell in header.split(separator)})

    return max(SEPARATORS, key=columns)


def _known_line(number):
    if number > LAST_LINE:
        raise ValidationError(_("The file has too many lines. Remove the empty ones."), code="rows")
    return number


def _places(header):
    """Which cell holds which column. Raises ValidationError for a header nobody can follow."""
    names = [name.strip().casefold() for name in header]
    columns = [_column(name) for name in names]
    if "recipient" not in columns:
        words = _("The first row must name the columns: recipient, language, note.")
        raise ValidationError(words, code="header")
    unknown = [name for name, column in zip(names, columns, strict=True) if name and not column]
    if unknown:
        words = _("Unknown column “%(name)s”. The columns are: recipient, language, note.")
        raise ValidationError(words % {"name": unknown[0][:50]}, code="header")
    named = [column for column in columns if column]
    if len(named) > len(set(named)):
        raise ValidationError(_("A column is there twice in the first row."), code="header")
    return {column: place for place, column in enumerate(columns) if column}


def _column(name):
    return next((column for column, names in COLUMNS.items() if name in names), "")


def _line(number, cells, places, width):
    """Blanks and line breaks inside a cell become single blanks."""
    found = {
        column: " ".join(cells[place].split()) if place < len(cells) else ""
        for column, place in places.items()
    }
    further = any(cell.strip() for cell in cells[width:])
    return Line(number, has_more_cells=further, **found)
