"""*Update* on a customer's account: one form per block, and what to do when two people edit it."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers.account_rules import FREE_MAIL, AccountRules
from customers.forms.fields import email_field, text_field, wide
from customers.models import Customer
from portal.countries import countries
from portal.forms import PlainForm
from portal.free_mail import is_free_mail

MINE, THEIRS = "mine", "theirs"


class EditForm(AccountRules, PlainForm):
    """A block of a customer's account, by the rules of *New customer*.

    Each field carries along what it was when the page was opened, so that a change by somebody
    else meanwhile can be told from one's own. ``conflicts`` names the fields about which the
    person has to decide: each of them has a choice ``keep_<name>``.
    """

    HEADING = ""
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    conflicts = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, data=None, *, customer, membership):
        self.names = [name for name in self.base_fields if name not in {"version", "conflicts"}]
        self.known = {name: getattr(customer, name) for name in self.names}
        super().__init__(data, initial=self.known | {"version": customer.version})
        self.customer, self.membership, self.warnings = customer, membership, []
        self.country = countries()[customer.country]
        for name in self.names:
            self.fields[name].show_hidden_initial = True
        self._fit_country()
        self.disputed = self._named_conflicts() if self.is_bound else []
        for name in self.disputed:
            self._ask_about(name)

    def clean(self):
        """A field in which the other's value stays is that value, whatever is typed there."""
        for name in self.disputed:
            if self.cleaned_data.get(f"keep_{name}") == THEIRS:
                self.cleaned_data[name] = self.known[name]
                self.errors.pop(name, None)
        self.check_block()
        return self.cleaned_data

    def check_block(self):
        """What the fields must be taken together."""

    def check_mail(self, qualification, email, *, at="email"):
        """Education is for addresses of institutions; complains at the field ``at``."""
        if qualification == Customer.Qualification.EDUCATION and is_free_mail(email):
            self.add_error(at, FREE_MAIL)

    @property
    def changes(self):
        """What ``services.change_customer`` takes."""
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def overtaken(self):
        """What somebody else changed in this block since the page was opened, by name.

        Each is (what it was, what it is now), as it is stored.
        """
        if self.data.get("version", "") == str(self.customer.version):
            return {}
        pairs = {name: (self._opened_with(name), self.known[name]) for name in self.names}
        # What this country's form does not ask for is not sent back: it was nothing, and still is.
        return {name: (was, now) for name, (was, now) in pairs.items() if (was or "") != str(now)}

    def rebased(self):
        """The same input on top of what the customer is now, with a choice per conflict.

        What was not touched takes the new value; what was is kept.
        """
        overtaken, data = self.overtaken, self.data.copy()
        mine = [name for name in self.names if self._is_mine(name)]
        conflicts = [
            name for name in mine if name in overtaken and data.get(name) != str(self.known[name])
        ]
        for name in self.names:
            data[self.add_initial_prefix(name)] = self.known[name]
            if name not in mine:
                data[name] = self.known[name]
            data.pop(f"keep_{name}", None)
        data["version"], data["conflicts"] = self.customer.version, ",".join(conflicts)
        form = type(self)(data, customer=self.customer, membership=self.membership)
        form.full_clean()
        return form

    def words(self, name, value):
        """A value as people read it: a choice by its words, nothing as a dash."""
        choices = {str(key): words for key, words in getattr(self.fields[name], "choices", ())}
        return str(choices.get(str(value), value)) or "–"

    @property
    def decisions(self):
        """The bound choices, by the name of the field they are about."""
        return {name: self[f"keep_{name}"] for name in self.disputed}

    def _is_mine(self, name):
        if self.data.get(f"keep_{name}") == THEIRS:
            return False
        return self.data.get(name, "") != (self._opened_with(name) or "")

    def _opened_with(self, name):
        return self.data.get(self.add_initial_prefix(name))

    def _named_conflicts(self):
        named = self.data.get("conflicts", "").split(",")
        return [name for name in self.names if name in named]

    def _ask_about(self, name):
        mine = _now("Use what you entered: “%(value)s”")
        theirs = _now("Keep what is there now: “%(value)s”")
        label = self.fields[name].label
        self.fields[f"keep_{name}"] = forms.ChoiceField(
            label=_now("Which one is right? %(field)s") % {"field": label},
            choices=[
                (MINE, mine % {"value": self.words(name, self.data.get(name, ""))}),
                (THEIRS, theirs % {"value": self.words(name, self.known[name])}),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": _now("Decide about “%(field)s”.") % {"field": label}},
        )

    def _fit_country(self):
        """What an address needs besides in this country."""


class CompanyForm(EditForm):
    HEADING = _("Company and address")
    company_name = text_field(
        _("Company"),
        _("Enter the company name."),
        max_length=200,
        help_text=_("As in official documents, no abbreviations."),
    )
    address_line_1 = text_field(_("Address line 1"), _("Enter street and number."), max_length=200)
    address_line_2 = text_field(_("Address line 2"), max_length=200)
    postal_code = text_field(_("ZIP/Postal code"), max_length=20, widget=wide("short"))
    city = text_field(_("City"), _("Enter the city."), max_length=100)
    state = text_field(_("State/Province"), max_length=100, widget=wide("medium"))
    registration_number = text_field(_("Registration ID"), max_length=40, widget=wide("medium"))

    def check_block(self):
        self.check_account_address(self.country)

    @property
    def needs_registration(self):
        return bool(self.country.registration_number)

    def _fit_country(self):
        self.suit_country(self.country)
        state = self.fields["state"]
        state.choices = getattr(state.widget, "choices", ())
        self.fields["registration_number"].help_text = self.country.registration_number


class ContactForm(EditForm):
    HEADING = _("Primary contact")
    first_name = text_field(_("First name"), _("Enter the first name."), max_length=50)
    last_name = text_field(_("Last name"), _("Enter the last name."), max_length=50)
    email = email_field(_("Email address"), _("Enter the email address."))
    phone = text_field(_("Phone number"), max_length=30, widget=wide("medium", type="tel"))

    def check_block(self):
        self.check_account_address(self.country)
        self.check_mail(self.customer.qualification, self.cleaned_data.get("email", ""))


class LanguageForm(EditForm):
    HEADING = _("Language of letters")
    language = forms.ChoiceField(
        label=_("Language of letters"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class QualificationForm(EditForm):
    HEADING = _("Special qualifications")
    qualification = forms.ChoiceField(
        label=_("Special qualifications"),
        error_messages={"required": _("Select “None” or the qualification.")},
        choices=Customer.Qualification,
        widget=forms.RadioSelect,
    )
    education_segment = forms.ChoiceField(
        label=_("Education Segment"),
        choices=[("", _("Select a segment")), *Customer.EducationSegment.choices],
        required=False,
        help_text=_("Only for education."),
    )
    education_website = forms.URLField(
        label=_("Education Website"), required=False, max_length=200, assume_scheme="https"
    )

    def check_block(self):
        self._check_education()
        chosen = self.cleaned_data.get("qualification", "")
        self.check_mail(chosen, self.customer.email, at="qualification")


BLOCKS = {
    "company": CompanyForm,
    "contact": ContactForm,
    "language": LanguageForm,
    "qualification": QualificationForm,
}
