"""The base of every form: text that people type is visible text and nothing else."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.names import has_link
from portal.parking import ParkingMixin
from portal.text import find_links, has_control_characters

LINE_BREAKS = "\r\n\t"


def visible_text(value, allowed=""):
    """Refuse control characters, NUL, and marks that turn the direction of reading."""
    # Some text fields clean to something else, a UUID for instance, and have checked it by then.
    if isinstance(value, str) and has_control_characters(value, allowed=allowed):
        raise ValidationError(_("Remove the invisible characters."), code="invisible")


def visible_lines(value):
    """The same for text of several lines."""
    visible_text(value, allowed=LINE_BREAKS)


def no_links(value):
    """Refuse web and email addresses in what people write into mails to strangers."""
    if found := find_links(value):
        words = _("Remove the address “%(address)s”. Links are not possible here.")
        raise ValidationError(words % {"address": found[0]}, code="link")


def name_of_person(text):
    """The name with single blanks; raises ValidationError for one that holds a web address."""
    name = " ".join(text.split())
    if has_link(name):
        raise ValidationError(_("A name can't hold a web address."), code="link")
    return name


class NewPasswordField(forms.CharField):
    """A password that somebody chooses; ``check_password`` says whether it will do."""

    def __init__(self, **options):
        hint = gettext_lazy(
            "At least 12 characters, not digits alone, not a common password, not like your name."
        )
        usual = {
            "label": gettext_lazy("Password"),
            "max_length": 128,
            "strip": False,
            "widget": forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            "help_text": hint,
        }
        super().__init__(**usual | options)


def check_password(form, person):
    """Note at ``password`` what is wrong with the one typed into ``form``, if ``person`` has it."""
    if password := form.cleaned_data.get("password"):
        try:
            password_validation.validate_password(password, person)
        except ValidationError as error:
            form.add_error("password", error)


class CleanTextMixin:
    """Checks each text field of a form for what nobody can see.

    It looks at the fields just before they are cleaned, so that fields added in a form's own
    ``__init__`` are covered too. Put it before the form class: ``(CleanTextMixin, ModelForm)``.
    """

    def full_clean(self):
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                _watch(field)
        super().full_clean()


class MissingNamedMixin:
    """Says which field is missing: in a summary, "This field is required" says nothing."""

    def full_clean(self):
        for name, field in self.fields.items():
            if field.error_messages["required"] is forms.Field.default_error_messages["required"]:
                words = _("Fill in “%(field)s”.") % {"field": self[name].label}
                field.error_messages["required"] = words
        super().full_clean()


class PlainForm(ParkingMixin, CleanTextMixin, MissingNamedMixin, forms.Form):
    """A form whose text fields take visible text only, and which names what is missing.

    It begins with what was typed before a session ended.
    """


class SeenForm(PlainForm):
    """Something that is done to what the page showed; ``seen`` is the moment of its state."""

    seen = forms.CharField(
        max_length=40,
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Load the page again.")},
    )

    def clean_seen(self):
        try:
            moment = parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            moment = None
        if moment is None or is_naive(moment):
            raise ValidationError(_("Load the page again."), code="stale")
        return moment


def _watch(field):
    several_lines = isinstance(field.widget, forms.Textarea)
    check = visible_lines if several_lines else visible_text
    if check not in field.validators:
        field.validators.append(check)
