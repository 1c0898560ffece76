from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import letter_texts
from partners.models import MOST_DAYS
from portal import own_addresses
from portal.forms import PlainForm
from portal.letters import Letter


class LanguageForm(PlainForm):
    """Which of a provider's texts is meant."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=forms.HiddenInput)


class LetterTestForm(LanguageForm):
    """*Send me a test*; ``submission`` names this one press of it."""

    submission = forms.UUIDField(widget=forms.HiddenInput)


class SeenForm(LanguageForm):
    """``seen`` is when the text on the page was last changed, empty for the standard one."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_seen(self):
        """An aware moment or None."""
        try:
            moment = parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            moment = None
        if self.cleaned_data["seen"] and (moment is None or is_naive(moment)):
            raise ValidationError(_("Load the page again."), code="stale")
        return moment


class LetterForm(SeenForm):
    """A provider's own text in one language, with placeholders in braces."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    # Shorter than a request's text may be: names and notes make it longer.
    body = forms.CharField(
        label=gettext_lazy("Email text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 22})
    )

    def __init__(self, data=None, *, provider, language):
        self.own = letter_texts.own_text(provider, language)
        text = letter_texts.text_for(provider, language)
        seen = self.own.changed_at.isoformat() if self.own else ""
        super().__init__(data, initial={"language": language, "seen": seen} | text._asdict())
        self.provider = provider

    def clean_subject(self):
        subject = self._checked("subject")
        if wrong := letter_texts.placeholders_in(subject) - letter_texts.IN_SUBJECTS:
            words = _("{%(name)s} can't be part of the subject.")
            raise ValidationError(words % {"name": min(wrong)}, code="placeholder")
        return subject

    def clean_body(self):
        body = "\n".join(self._checked("body").splitlines())
        for name in letter_texts.REQUIRED:
            if name not in letter_texts.placeholders_in(body):
                words = _("Put {%(name)s} into the text: it can't do without.")
                raise ValidationError(words % {"name": name}, code="missing")
        return body

    def _checked(self, field):
        text = self.cleaned_data[field]
        if wrong := letter_texts.unknown_placeholders(text):
            words = _("“%(placeholder)s” is no placeholder. The list below has all of them.")
            raise ValidationError(words % {"placeholder": wrong[0]}, code="placeholder")
        if reason := own_addresses.refusal(text, self.provider):
            raise ValidationError(reason, code="link")
        return text

    @property
    def letter(self):
        """What was typed if it will do, else the present text: a Letter with placeholders."""
        typed = getattr(self, "cleaned_data", {})
        return Letter(*(typed.get(name, self.initial[name]) for name in Letter._fields))


class RequestSettingsForm(PlainForm):
    """How the provider's requests live."""

    days = forms.IntegerField(
        label=gettext_lazy("Days an invitation link works"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=gettext_lazy("From 1 to 90. Requests that are open keep their day."),
        widget=forms.NumberInput(attrs={"data-width": "short"}),
    )
    remind = forms.BooleanField(
        label=gettext_lazy("Remind automatically"),
        required=False,
        help_text=gettext_lazy(
            "Half-way and three days before the end, where we know the address. At most twice, "
            "and not within three days of another email."
        ),
    )
