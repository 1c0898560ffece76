from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.account_rules import CONTACT, AccountRules
from customers.forms.fields import email_field, text_field, wide
from customers.models import Customer
from customers.resellers import NO_RESELLER, Resellers, ResellerSelect
from portal.accounts.models import Organization
from portal.accounts.roles import Permission
from portal.countries import countries, country_choices
from portal.forms import PlainForm
from portal.links import reverse
from portal.references import encode


class CustomerAccountForm(AccountRules, PlainForm):
    """*New customer*: who the customer is, which reseller looks after it, what it agreed to.

    ``membership`` is the member of the provider who fills it in; ``reseller`` the one to select at
    first, as an organization or as the reference ``R-…`` an address carries; one that can't be
    selected yet is ``unsigned_reseller``. After validation ``warnings`` holds sentences about what
    is unusual but allowed, and ``twins`` the customers that it may be already.
    """

    reseller = forms.ChoiceField(
        label=_("Indirect reseller"),
        help_text=_(
            "They get administrator access to this customer's account and subscriptions. With no "
            "indirect reseller, nobody earns the incentive."
        ),
        error_messages={"required": _("Select an indirect reseller, or “No indirect reseller”.")},
        widget=ResellerSelect,
    )
    country = forms.ChoiceField(
        label=_("Country/region"),
        help_text=_("Only countries of your own sales region: partners sell nowhere else."),
        error_messages={
            "required": _("Select the country or region."),
            "invalid_choice": _("Select a country of your sales region."),
        },
    )
    company_name = text_field(
        _("Company"),
        _("Enter the company name."),
        max_length=200,
        help_text=_("As in official documents, no abbreviations."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    domain = text_field(
        _("Primary domain name"),
        _("Enter the primary domain name."),
        max_length=100,
        help_text=_("1 to 27 letters a–z and digits. It can never be changed."),
        widget=wide("medium", autocomplete="off", autocapitalize="off", spellcheck="false"),
    )
    address_line_1 = text_field(_("Address line 1"), _("Enter street and number."), max_length=200)
    address_line_2 = text_field(_("Address line 2"), max_length=200)
    city = text_field(_("City"), _("Enter the city."), max_length=100)
    state = text_field(_("State/Province"), max_length=100, widget=wide("medium"))
    postal_code = text_field(_("ZIP/Postal code"), max_length=20, widget=wide("short"))
    registration_number = text_field(_("Registration ID"), max_length=40, widget=wide("medium"))
    qualification = forms.ChoiceField(
        label=_("Special qualifications"),
        error_messages={"required": _("Select “None” or the qualification.")},
        choices=Customer.Qualification,
        initial=Customer.Qualification.NONE,
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
    first_name = text_field(_("First name"), _("Enter the first name."), max_length=50)
    last_name = text_field(_("Last name"), _("Enter the last name."), max_length=50)
    email = email_field(_("Email address"), _("Enter the email address."))
    phone = text_field(_("Phone number"), max_length=30, widget=wide("medium", type="tel"))
    language = forms.ChoiceField(
        label=_("Language of letters"),
        error_messages={"required": _("Select the language of letters.")},
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    agreement = forms.ChoiceField(
        label=_("Customer agreement"),
        choices=Customer.Agreement,
        widget=forms.RadioSelect,
        help_text=_("Until the customer has accepted it, orders wait."),
        error_messages={
            "required": _("Select how the customer agreement stands."),
            "invalid_choice": _("Select one of these. Not every role may confirm an acceptance."),
        },
    )
    agreement_date = forms.DateField(
        label=_("Agreement acceptance date"),
        required=False,
        help_text=_("Only when the customer has accepted it."),
        widget=forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date like 2026-11-22.")},
    )
    agreement_first_name = text_field(_("Signer's first name"), max_length=50)
    agreement_last_name = text_field(_("Signer's last name"), max_length=50)
    agreement_email = email_field(_("Signer's email address"))
    agreement_phone = text_field(_("Signer's phone number"), max_length=30, widget=wide("medium"))
    # References of customers that it is not, although it looks like them.
    other_company = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data=None, *, membership, reseller=None, initial=None):
        super().__init__(data, initial=initial)
        self.membership = membership
        self.warnings, self.twins = [], []
        self.unsigned_reseller = None
        self._choose_resellers(reseller)
        self._choose_countries()
        self._choose_agreement()
        self.fields["language"].initial = (get_language() or "en").partition("-")[0]
        self._react_while_typing()

    @classmethod
    def from_stored(cls, account, *, membership):
        """The form again, filled in with what ``stored`` returned, and checked anew."""
        return cls(account, membership=membership)

    def stored(self):
        """The valid values as plain strings: fit for JSON, and input for the form again."""
        chosen = self.cleaned_data["reseller"]
        values = self.cleaned_data | {
            "reseller": encode("R", chosen.pk) if chosen else NO_RESELLER,
        }
        return {name: "" if value is None else str(value) for name, value in values.items()}

    def is_complete(self):
        """Whether it is valid, and nobody has to say that it is another company than its twins."""
        return self.is_valid() and not self.twins

    def in_words(self, changes):
        """``changes`` (field -> stored text, typed text) with labels: what a reader compares."""
        return [
            {
                "label": self.fields[name].label,
                "there": self._in_words(name, there),
                "here": self._in_words(name, here),
            }
            for name, (there, here) in changes.items()
            if name in self.fields
        ]

    @property
    def other_companies(self):
        """What *It is another company* sends: the twins that are shown, and those said before."""
        said = self.data.get("other_company", "").split() if self.is_bound else []
        return " ".join(dict.fromkeys([*said, *(twin.reference for twin in self.twins)]))

    @property
    def chosen_country(self):
        """The country as far as it is known yet, or None."""
        field = self.fields["country"]
        if self.is_bound:
            return countries().get(self.data.get("country", field.initial))
        return countries().get(self.get_initial_for_field(field, "country"))

    @property
    def domain_suffix(self):
        return f".{settings.TENANT_DOMAIN_SUFFIX}"

    @property
    def needs_registration(self):
        return bool(self.chosen_country and self.chosen_country.registration_number)

    @property
    def has_signer(self):
        """Whether something was typed about somebody else who accepted the agreement."""
        return any(self[f"agreement_{name}"].value() for name in CONTACT)

    def _choose_resellers(self, reseller):
        self.resellers = Resellers(self.membership)
        field = self.fields["reseller"]
        field.choices = self.resellers.choices
        field.widget.unavailable = self.resellers.unavailable
        reference = encode("R", reseller.pk) if isinstance(reseller, Organization) else reseller
        reference = (reference or "").upper()
        if reference in self.resellers.available:
            field.initial = reference
        if reference in self.resellers.unavailable:
            self.unsigned_reseller = self.resellers.partnerships[reference].reseller

    def _choose_countries(self):
        home = countries()[self.membership.organization.country]
        field = self.fields["country"]
        field.choices = country_choices(home.region)
        field.initial = home.code
        country = self.chosen_country
        self.suit_country(country if country and country.region == home.region else None)
        if self.needs_registration:
            self.fields["registration_number"].help_text = country.registration_number

    def _choose_agreement(self):
        if not self.membership.can(Permission.ATTEST_AGREEMENT):
            asked = Customer.Agreement.ASKED
            self.fields["agreement"].choices = [(asked, asked.label)]
            self.fields["agreement"].initial = asked

    def _in_words(self, name, text):
        choices = getattr(self.fields[name].widget, "choices", ())
        return dict(choices).get(text, text)

    def _react_while_typing(self):
        organization = self.membership.organization
        for name in ("company_name", "registration_number", "email"):
            self.fields[name].widget.attrs |= {
                "hx-get": reverse("customers:twin_check", organization=organization),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": f"#twins-{name}",
                "hx-sync": "this:replace",
            }
        self.fields["domain"].widget.attrs |= {
            "hx-get": reverse("customers:domain_check", organization=organization),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#domain-check",
            "hx-sync": "this:replace",
        }
        self.fields["country"].widget.attrs |= {
            "hx-get": reverse("customers:country_fields", organization=organization),
            "hx-trigger": "change",
            "hx-target": "#country-fields",
            "hx-include": "#country-fields",  # what was typed there stays
        }
