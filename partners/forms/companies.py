from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import wording
from portal.forms import PlainForm


class VersionedForm(PlainForm):
    """Consent to a text: it counts only for the version that was on the page."""

    VERSION = ""
    version = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, initial={"version": self.VERSION}, **kwargs)

    def clean_version(self):
        version = self.cleaned_data["version"]
        if version != self.VERSION:
            raise ValidationError(_("The text has changed in the meantime. Please read it again."))
        return version


class RemovalForm(VersionedForm):
    """The statement of whoever ends a partnership."""

    VERSION = wording.REMOVAL_VERSION
    confirmed = forms.BooleanField(
        label=gettext_lazy("I make this statement on behalf of my company."),
        error_messages={
            "required": gettext_lazy("Confirm the statement to remove the partnership.")
        },
    )


class AgreementForm(VersionedForm):
    """*Accept and continue* is all there is to say."""

    VERSION = wording.AGREEMENT_VERSION
