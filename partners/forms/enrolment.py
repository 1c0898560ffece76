"""The parts of an enrolment, one form each."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.forms.enrolment_rules import CompanyRules, IdentifierRules
from portal.accounts.models import User
from portal.countries import countries, country_choices
from portal.forms import NewPasswordField, PlainForm, check_password, name_of_person
from portal.free_mail import is_free_mail
from portal.phones import tidy_phone


def _text(label, length, *, required=True, **attrs):
    hint = attrs.pop("help_text", "")
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs=attrs),
    )


class PersonForm(PlainForm):
    """Who enrols the company: its primary contact and first global admin."""

    first_name = _text(gettext_lazy("First name"), 50, autocomplete="given-name")
    last_name = _text(gettext_lazy("Last name"), 50, autocomplete="family-name")
    email = forms.EmailField(
        label=gettext_lazy("Work email address"),
        max_length=150,
        help_text=gettext_lazy("We send a code there. Addresses of web-mail services don't count."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    phone = _text(gettext_lazy("Phone number"), 30, required=False, autocomplete="tel", type="tel")
    password = NewPasswordField(
        help_text=gettext_lazy(
            "At least 12 characters. With it and your email address you sign in later."
        ),
    )
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, data=None, *, user=None, enrolment=None):
        """``user`` is the signed-in person, who needs no password here."""
        known = enrolment or user
        names = ("first_name", "last_name", "email", "phone")
        super().__init__(data, initial={name: getattr(known, name, "") for name in names})
        self.country = getattr(enrolment, "country", "")
        if user:
            del self.fields["password"], self.fields["submission"]
            self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_first_name(self):
        return name_of_person(self.cleaned_data["first_name"])

    def clean_last_name(self):
        return name_of_person(self.cleaned_data["last_name"])

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if is_free_mail(email):
            raise ValidationError(_("Use your company's own address, not a web-mail address."))
        return email

    def clean_phone(self):
        return tidy_phone(self.cleaned_data["phone"], self.country)

    def clean_submission(self):
        return self.cleaned_data["submission"] or uuid4()

    def clean(self):
        typed = self.cleaned_data
        names = {name: typed.get(name, "") for name in ("first_name", "last_name", "email")}
        check_password(self, User(**names))
        return typed

    @property
    def person(self):
        names = ("first_name", "last_name", "email", "phone")
        return {name: self.cleaned_data[name] for name in names}


class CodeForm(PlainForm):
    """The code from the email; blanks between the digits don't matter."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("8 digits, from the latest email."),
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "data-width": "medium",
            }
        ),
    )

    def clean_code(self):
        code = "".join(self.cleaned_data["code"].split())
        if not (len(code) == 8 and code.isascii() and code.isdigit()):
            raise ValidationError(_("The code has 8 digits."), code="shape")
        return code


class CompanyForm(CompanyRules, PlainForm):
    """What the company is called and where it is."""

    country = forms.ChoiceField(label=gettext_lazy("Country/region"))
    name = _text(
        gettext_lazy("Legal company name"),
        200,
        help_text=gettext_lazy("As in official documents, with its legal form."),
        autocomplete="organization",
    )
    address = _text(gettext_lazy("Address"), 200, autocomplete="street-address")
    postal_code = _text(gettext_lazy("ZIP/Postal code"), 20, required=False)
    city = _text(gettext_lazy("City"), 100)
    state = _text(gettext_lazy("State/Province"), 100, required=False)
    website = forms.URLField(
        label=gettext_lazy("Website"), max_length=200, required=False, assume_scheme="https"
    )

    def __init__(self, data=None, *, enrolment=None):
        names = ("country", "name", "address", "postal_code", "city", "state", "website")
        super().__init__(data, initial={name: getattr(enrolment, name, "") for name in names})
        field = self.fields["country"]
        field.choices = [("", _("Select a country")), *country_choices()]
        field.widget.attrs |= {
            "hx-get": reverse("enroll_country_fields"),
            "hx-trigger": "change",
            "hx-target": "#country-fields",
            "hx-include": "closest form",
        }
        self.suit_country(self.chosen_country)

    @property
    def chosen_country(self):
        """The country as far as it is known yet, or None."""
        if self.is_bound:
            return countries().get(self.data.get("country", ""))
        return countries().get(self.get_initial_for_field(self.fields["country"], "country"))


class IdentifiersForm(IdentifierRules, PlainForm):
    """The MPN IDs: the location's, which business is done with, and perhaps the global one."""

    mpn_id = _text(
        gettext_lazy("MPN ID of your Partner Location Account"),
        20,
        help_text=gettext_lazy("5 to 8 digits."),
        inputmode="numeric",
        **{"data-width": "medium"},
    )
    global_mpn_id = _text(
        gettext_lazy("MPN ID of your Partner Global Account"),
        20,
        required=False,
        help_text=gettext_lazy("If you know it. It is another number than the location's."),
        inputmode="numeric",
        **{"data-width": "medium"},
    )

    def __init__(self, data=None, *, enrolment=None):
        names = ("mpn_id", "global_mpn_id")
        super().__init__(data, initial={name: getattr(enrolment, name, "") for name in names})


class SubmitForm(PlainForm):
    """*Submit*: everything is there, and still true."""

    def __init__(self, data=None, *, enrolment):
        super().__init__(data)
        self.enrolment = enrolment

    def clean(self):
        missing = [
            (self.enrolment.has_person, _("Confirm your email address.")),
            (self.enrolment.has_company, _("Fill in the company.")),
            (self.enrolment.has_identifiers, _("Fill in the location MPN ID.")),
        ]
        for there, words in missing:
            if not there:
                self.add_error(None, words)
        numbers = {name: getattr(self.enrolment, name) for name in ("mpn_id", "global_mpn_id")}
        for name, problems in IdentifiersForm(numbers).errors.items():
            if numbers[name]:
                self.add_error(None, problems)
        return self.cleaned_data
