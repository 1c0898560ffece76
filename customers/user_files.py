"""Files of users: CSV as spreadsheets write it, read whole or refused with a reason."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.csv_files import Layout, encoding_of, read_rows, text_of

MOST_ROWS = 10_000
LARGEST = 20 * 1024 * 1024  # bytes; ten thousand rows of UTF-16 need a third of it
# The columns of domain.md 5, in the order of the template.
NAMES = {
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "display_name": gettext_lazy("Display name"),
    "account": gettext_lazy("Email"),
    "status": gettext_lazy("Status update"),
}
COLUMNS = {
    "first_name": {"first name", "vorname"},
    "last_name": {"last name", "nachname"},
    "display_name": {"display name", "anzeigename"},
    "account": {"email", "e-mail", "email address", "e-mail-adresse"},
    "status": {"status update", "statusaktualisierung", "status"},
}
LAYOUT = Layout(
    columns=COLUMNS,
    required=("display_name", "account"),
    named=tuple(NAMES.values()),
    most_rows=MOST_ROWS,
    last_line=2**31 - 1,
)


class Line(NamedTuple):
    """One row of the file, as it stands there; ``number`` is the line it begins in."""

    number: int
    first_name: str = ""
    last_name: str = ""
    display_name: str = ""
    account: str = ""
    status: str = ""
    has_more_cells: bool = False


def read(upload):
    """(encoding, Lines) of an uploaded file.

    Raises ValidationError with what is wrong and how to mend it, when it can't be read as a whole.
    """
    if upload.size > LARGEST:
        raise ValidationError(_("The file is larger than 20 MB. Split it."), code="size")
    stream = upload.file
    encoding = encoding_of(stream)
    text = text_of(stream, encoding)
    try:
        rows = read_rows(text, LAYOUT)
        lines = [Line(row.number, has_more_cells=row.has_more_cells, **row.cells) for row in rows]
    finally:
        text.detach()  # the file itself is closed by whoever opened it
    return encoding, lines
