"""Files of resellers to ask: CSV as spreadsheets write it, read whole or refused with a reason."""

from io import StringIO
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.csv_files import WORKBOOK, Layout, read_rows

MOST_ROWS = 500
LARGEST = 1024 * 1024  # bytes; 500 rows need far less
COLUMNS = {
    "recipient": {"recipient", "email", "email address", "e-mail", "empfänger", "e-mail-adresse"},
    "language": {"language", "sprache"},
    "note": {"note", "notiz"},
}
LAYOUT = Layout(
    columns=COLUMNS,
    required=("recipient",),
    named=(gettext_lazy("recipient"), gettext_lazy("language"), gettext_lazy("note")),
    most_rows=MOST_ROWS,
    last_line=32_767,
)


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
    rows = read_rows(StringIO(text, newline=""), LAYOUT)
    return [Line(row.number, has_more_cells=row.has_more_cells, **row.cells) for row in rows]


def _decoded(content):
    if len(content) > LARGEST:
        raise ValidationError(_("The file is larger than 1 MB. Split it."), code="size")
    if content.startswith(WORKBOOK):
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
