from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import wording
from partners.models import MpnAccount
from portal.accounts.models import User
from portal.countries import country_choices
from portal.forms import PlainForm
from portal.free_mail import is_free_mail

ADMIN_FIELDS = ("first_name", "last_name", "email", "password")
COMPANY_FIELDS = ("name", "address", "city", "country")


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


class EnrollForm(PlainForm):
    """A company becomes an indirect reseller, with its first global admin."""

    name = forms.CharField(label=gettext_lazy("Legal company name"), max_length=200)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200)
    city = forms.CharField(label=gettext_lazy("City"), max_length=100)
    country = forms.ChoiceField(label=gettext_lazy("Country/region"))
    mpn_id = forms.CharField(
        label=gettext_lazy("MPN ID of your Partner Location Account"),
        max_length=20,
        help_text=gettext_lazy("5 to 8 digits. Not the global account's, if you have several."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "medium"}),
    )
    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Work email address"),
        max_length=150,
        help_text=gettext_lazy("You sign in with it. Addresses of web-mail services don't count."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters."),
    )
    accept_agreement = forms.BooleanField(
        label=gettext_lazy("I accept the partner agreement for this company."),
        required=False,
        help_text=gettext_lazy("You can also do this later under Agreements."),
    )
    agreement_version = forms.CharField(
        max_length=20, required=False, widget=forms.HiddenInput, initial=wording.AGREEMENT_VERSION
    )

    def __init__(self, data=None, *, user=None):
        """``user`` is the signed-in person, who then becomes the company's admin."""
        super().__init__(data)
        self.fields["country"].choices = [("", _("Select a country")), *country_choices()]
        for name in ADMIN_FIELDS if user else ():
            del self.fields[name]

    def clean_mpn_id(self):
        number = self.cleaned_data["mpn_id"].replace(" ", "")
        MpnAccount._meta.get_field("mpn_id").run_validators(number)
        if MpnAccount.objects.filter(mpn_id=number).exists():
            raise ValidationError(
                _("This MPN ID is registered already. Check it, or ask your colleagues."),
                code="unique",
            )
        return number

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if is_free_mail(email):
            raise ValidationError(_("Use your company's own address, not a web-mail address."))
        if User.objects.filter(Q(username=email) | Q(email__iexact=email)).exists():
            raise ValidationError(
                _("This email address is in use. Sign in instead."), code="in_use"
            )
        return email

    def clean(self):
        typed = self.cleaned_data
        if typed.get("password"):
            names = {name: typed.get(name, "") for name in ("first_name", "last_name", "email")}
            try:
                password_validation.validate_password(typed["password"], User(**names))
            except ValidationError as error:
                self.add_error("password", error)
        accepted, version = typed.get("accept_agreement"), typed.get("agreement_version")
        if accepted and version != wording.AGREEMENT_VERSION:
            self.add_error(
                "accept_agreement", _("The agreement has changed. Please read it again.")
            )
        return typed

    @property
    def company(self):
        return {name: self.cleaned_data[name] for name in COMPANY_FIELDS}

    @property
    def admin(self):
        """What ``create_member`` takes; None when the person is there already."""
        if "email" not in self.fields:
            return None
        person = {name: self.cleaned_data[name] for name in ADMIN_FIELDS}
        return person | {"username": person["email"]}
