"""CSV files that people upload, as spreadsheets write them: read whole or refused with a reason.

What a file may hold is said by a Layout. It is read from a stream, row by row, so that a file that
is far too long costs no more memory than one that just fits.
"""

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from io import TextIOWrapper
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SEPARATORS = ",;\t"  # the last is what a spreadsheet puts on the clipboard
HINT = "sep="  # Excel's own first line
LONGEST_HEADER = 10_000
CHUNK = 64 * 1024
SAMPLE = 512  # bytes in which UTF-16 without a mark shows by its zeros
WORKBOOK = b"PK\x03\x04"


class Layout(NamedTuple):
    """Which columns a file has: by the name the program uses, the spellings that are understood.

    ``named`` is how people are told what they are called. Other columns are refused, as a sign of
    a mistake, unless the file is somebody else's and ``others`` may be there.
    """

    columns: dict
    required: tuple
    named: tuple
    most_rows: int
    last_line: int
    others: bool = False


class Row(NamedTuple):
    """One row: the line it begins in, its cells by column, and whether there are more of them."""

    number: int
    cells: dict
    has_more_cells: bool


def encoding_of(stream):
    """What the letters of a file (a binary stream) are written in; it is rewound before and after.

    UTF-8 and UTF-16, each with or without a mark, else the Windows-1252 of older spreadsheets.
    Raises ValidationError for a workbook and for what is no text in any of them.
    """
    start = _from_start(stream, SAMPLE)
    if start.startswith(WORKBOOK):
        words = _("This is an Excel workbook. In Excel, save it as “CSV UTF-8”.")
        raise ValidationError(words, code="workbook")
    likely = _marked(start) or _zeros(start)
    for encoding in [likely] if likely else ["utf-8", "cp1252"]:
        if _is_written_in(stream, encoding):
            stream.seek(0)
            return encoding
    words = _("The letters of this file can't be read. Save it as “CSV UTF-8”.")
    raise ValidationError(words, code="encoding")


def text_of(stream, encoding):
    """The binary stream as text, with line ends as they are."""
    return TextIOWrapper(stream, encoding=encoding, newline="")


def read_rows(stream, layout):
    """Yield the Rows of a seekable text stream below the names of the columns.

    Empty rows are left out; blanks and line breaks inside a cell become single blanks. Raises
    ValidationError with what is wrong and how to mend it, when it can't be read as a whole.
    """
    rows = _rows(stream, layout)
    header = next(rows, (0, []))[1]
    places = _places(header, layout)
    count = 0
    for number, cells in rows:
        count += 1
        if count > layout.most_rows:
            words = _("There are more than %(most)s rows. Split the file.")
            raise ValidationError(words % {"most": layout.most_rows}, code="rows")
        yield _row(number, cells, places, len(header))
    if not count:
        raise ValidationError(_("There is no row below the names of the columns."), code="empty")


def _from_start(stream, size):
    stream.seek(0)
    return stream.read(size)


def _marked(start):
    marks = {BOM_UTF8: "utf-8-sig", BOM_UTF16_LE: "utf-16", BOM_UTF16_BE: "utf-16"}
    return next((encoding for mark, encoding in marks.items() if start.startswith(mark)), "")


def _zeros(start):
    """UTF-16 without a mark: nearly every other byte of Western text is zero."""
    half = len(start) // 2
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if half and zeros.count(0) > half * 0.6:
            return encoding
    return ""


def _is_written_in(stream, encoding):
    decoder = getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _rows(stream, layout):
    """(line it begins in, cells) of each row that is not empty; the header is the first."""
    separator, skipped = _dialect(stream, layout)
    reader = csv.reader(stream, delimiter=separator, strict=True)
    begins = 1 + skipped
    try:
        for cells in reader:
            if any("\0" in cell for cell in cells):
                raise ValidationError(_("This is no text: it holds NUL characters."), code="binary")
            if any(cell.strip() for cell in cells):
                yield _known_line(begins, layout), cells
            begins = reader.line_num + 1 + skipped
    except csv.Error:
        words = _("Line %(line)s can't be read. Is a quotation mark missing, or a cell too long?")
        raise ValidationError(words % {"line": begins}, code="csv") from None


def _dialect(stream, layout):
    """(separator, lines that come before the header); the stream then stands behind those.

    The separator is the one under which the most columns of the header are known.
    """
    skipped = int(stream.readline(LONGEST_HEADER)[: len(HINT)].casefold() == HINT)
    if not skipped:
        stream.seek(0)
    header = " "
    while header and not header.strip():
        header = stream.readline(LONGEST_HEADER)
    known = set().union(*layout.columns.values())

    def columns(separator):
        return len(known & {cell.strip(' "\r\n') for cell in header.casefold().split(separator)})

    stream.seek(0)
    if skipped:
        stream.readline(LONGEST_HEADER)
    return max(SEPARATORS, key=columns), skipped


def _known_line(number, layout):
    if number > layout.last_line:
        raise ValidationError(_("The file has too many lines. Remove the empty ones."), code="rows")
    return number


def _places(header, layout):
    """Which cell holds which column. Raises ValidationError for a header nobody can follow."""
    names = [name.strip().casefold() for name in header]
    columns = [_column(name, layout) for name in names]
    all_names = {"names": ", ".join(map(str, layout.named))}
    if not set(layout.required) <= set(columns):
        words = _("The first row must name the columns: %(names)s.")
        raise ValidationError(words % all_names, code="header")
    unknown = [name for name, column in zip(names, columns, strict=True) if name and not column]
    if unknown and not layout.others:
        words = _("Unknown column “%(name)s”. The columns are: %(names)s.")
        raise ValidationError(words % {"name": unknown[0][:50], **all_names}, code="header")
    named = [column for column in columns if column]
    if len(named) > len(set(named)):
        raise ValidationError(_("A column is there twice in the first row."), code="header")
    return {column: place for place, column in enumerate(columns) if column}


def _column(name, layout):
    return next((column for column, names in layout.columns.items() if name in names), "")


def _row(number, cells, places, width):
    found = {
        column: " ".join(cells[place].split()) if place < len(cells) else ""
        for column, place in places.items()
    }
    return Row(number, found, any(cell.strip() for cell in cells[width:]))
