from hashlib import file_digest
from uuid import uuid4, uuid5

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import user_files
from customers.models import UserUploadRow
from customers.user_verdicts import words
from portal.forms import PlainForm
from portal.text import has_control_characters

LONGEST_NAME = 100


class UserFileForm(PlainForm):
    """A file of users to create."""

    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV with commas, semicolons or tabs, up to 10,000 rows."),
        error_messages={"required": gettext_lazy("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        self.encoding, self.lines = user_files.read(upload)
        upload.seek(0)
        self.digest = file_digest(upload.file, "sha256").hexdigest()
        return upload

    @property
    def checked(self):
        """What ``services.check_upload`` takes: the same press with the same file is the same."""
        press = self.cleaned_data["submission"] or uuid4()
        return {
            "lines": self.lines,
            "encoding": self.encoding,
            "submission": uuid5(press, self.digest),
            "file_name": self._file_name(),
        }

    def _file_name(self):
        name = self.cleaned_data["file"].name[-LONGEST_NAME:]
        return _("Unnamed file") if has_control_characters(name) else name


class UploadRowFilter(PlainForm):
    """Rows of a file by verdict: its state, or the reason."""

    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), required=False)

    def __init__(self, data, *, counts):
        """``counts``: (status, reason, number) of each kind of row there is."""
        super().__init__(data)
        self.fields["verdict"].choices = [
            ("", _("All")),
            *((status, f"{label} ({number})") for status, label, number in _by_status(counts)),
            *((f"={why}", f"– {words(why)} ({number})") for _s, why, number in counts if why),
        ]

    def apply(self, rows):
        self.is_valid()
        verdict = self.cleaned_data.get("verdict", "")
        if verdict.startswith("="):
            return rows.filter(reason=verdict[1:])
        return rows.filter(status=verdict) if verdict else rows


def _by_status(counts):
    for status, label in UserUploadRow.Status.choices:
        number = sum(number for kind, _reason, number in counts if kind == status)
        if number:
            yield status, label, number
