from hashlib import sha256
from uuid import uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import batch_files
from partners.forms.filters import Filter
from partners.models import RequestBatchRow
from partners.verdicts import words
from portal.forms import PlainForm
from portal.text import has_control_characters

LONGEST_NAME = 100


class UploadForm(PlainForm):
    """A file of resellers to ask, or the same pasted."""

    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("CSV in UTF-8, with commas or semicolons, up to 500 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the rows here"),
        required=False,
        max_length=batch_files.LARGEST // 2,
        help_text=gettext_lazy("With the names of the columns in the first row."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Browsers would cut a longer text without a word; here it is refused with one.
        self.fields["text"].widget.attrs.pop("maxlength", None)

    def clean_file(self):
        if self.data.get("file"):
            raise ValidationError(_("The file did not arrive. Choose it again."), code="lost")
        upload = self.cleaned_data["file"]
        if upload and upload.size > batch_files.LARGEST:
            raise ValidationError(_("The file is larger than 1 MB. Split it."), code="size")
        return upload

    def clean(self):
        upload, text = self.cleaned_data.get("file"), self.cleaned_data.get("text")
        if self.errors:
            return self.cleaned_data
        if bool(upload) == bool(text):
            both = _("Choose a file or paste rows, not both.")
            neither = _("Choose a file, or paste the rows.")
            self.add_error("file", both if upload else neither)
            return self.cleaned_data
        content = upload.read() if upload else text
        try:
            self.lines = batch_files.read(content)
        except ValidationError as error:
            self.add_error("file" if upload else "text", error)
        self.digest = sha256(content if upload else content.encode()).hexdigest()
        return self.cleaned_data

    @property
    def checked(self):
        """What ``services.check_batch`` takes: the same press with the same file is the same."""
        press = self.cleaned_data["submission"] or uuid4()
        return {
            "lines": self.lines,
            "submission": uuid5(press, self.digest),
            "file_name": self._file_name(),
        }

    def _file_name(self):
        upload = self.cleaned_data["file"]
        name = upload.name[-LONGEST_NAME:] if upload else _("Pasted rows")
        return _("Unnamed file") if has_control_characters(name) else name


class BatchRowFilter(Filter):
    """Rows of a batch by verdict: its state, or the reason."""

    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), required=False)

    def __init__(self, data, *, counts):
        """``counts``: (status, reason, number) of each kind of row there is."""
        super().__init__(data)
        self.fields["verdict"].choices = [
            ("", _("All")),
            *((status, f"{label} ({number})") for status, label, number in _by_status(counts)),
            *((f"={why}", f"– {words(why)} ({number})") for _s, why, number in counts if why),
        ]

    def groups(self, counts):
        """(value, label, number) of every state there is, with all of them first."""
        everything = sum(number for _status, _reason, number in counts)
        return [("", _("All"), everything), *_by_status(counts)]

    def by_verdict(self, rows, verdict):
        if verdict.startswith("="):
            return rows.filter(reason=verdict[1:])
        return rows.filter(status=verdict)


def _by_status(counts):
    for status, label in RequestBatchRow.Status.choices:
        number = sum(number for kind, _reason, number in counts if kind == status)
        if number:
            yield status, label, number
