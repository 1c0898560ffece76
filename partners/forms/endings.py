"""What somebody confirms who ends a partnership."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners import wording
from partners.forms.companies import VersionedForm


class EndingForm(VersionedForm):
    """The statement of whoever ends a partnership."""

    VERSION = wording.REMOVAL_VERSION
    confirmed = forms.BooleanField(
        label=_("I make this statement on behalf of my company."),
        error_messages={"required": _("Confirm the statement to remove the partnership.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("For your own log. The other company can't read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_reason(self):
        """Browsers send line breaks as two characters; they are stored as one."""
        return "\n".join(self.cleaned_data["reason"].splitlines())

    @property
    def statement(self):
        return wording.removal_statement()

    @property
    def confirmation(self):
        """What ``services.remove_partnership`` takes."""
        return {
            "statement_version": self.cleaned_data["version"],
            "reason": self.cleaned_data["reason"],
        }
