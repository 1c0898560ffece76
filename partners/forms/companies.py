from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import wording
from partners.models import MpnAccount
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


class AgreementForm(VersionedForm):
    """*Accept and continue* is all there is to say."""

    VERSION = wording.AGREEMENT_VERSION


class ProfileChangeForm(PlainForm):
    """*Contact your representative*: what should be different."""

    text = forms.CharField(
        label=gettext_lazy("What should change"),
        max_length=2000,
        help_text=gettext_lazy("For example a new address, another phone number, a language."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class LocationForm(PlainForm):
    """A further Partner Location Account of the company."""

    mpn_id = forms.CharField(
        label=gettext_lazy("MPN ID of the Partner Location Account"),
        max_length=20,
        help_text=gettext_lazy("5 to 8 digits. Not the global account's."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "medium"}),
    )
    city = forms.CharField(label=gettext_lazy("City"), max_length=100)

    def __init__(self, data=None, *, organization):
        super().__init__(data)
        self.organization = organization

    def clean_mpn_id(self):
        number = self.cleaned_data["mpn_id"].replace(" ", "")
        MpnAccount._meta.get_field("mpn_id").run_validators(number)
        known = MpnAccount.objects.filter(mpn_id=number).first()
        if known and known.organization_id != self.organization.pk:
            raise ValidationError(
                _("Another company has registered this MPN ID. Check the number."), code="unique"
            )
        if known and known.type == MpnAccount.Type.GLOBAL:
            raise ValidationError(_("This is the MPN ID of your global account."), code="global")
        return number
