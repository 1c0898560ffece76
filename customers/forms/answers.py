"""The customer's answer: what it agrees to, each in a tick of its own."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers import wording
from customers.account_rules import AddressRules
from customers.forms.fields import email_field, text_field, wide
from partners.forms.invitations import DeclineForm
from portal.countries import countries
from portal.forms import PlainForm

ADDRESS = ("address_line_1", "address_line_2", "postal_code", "city", "state")
CONTACT = ("first_name", "last_name", "email", "phone")
ACCOUNT = (*ADDRESS, "registration_number", *CONTACT)


class AnswerForm(AddressRules, PlainForm):
    """*Accept*: nothing is ticked beforehand, and only what is asked for is there to tick.

    ``candidate`` is the company that answers (see ``customers.candidates``). Its address is asked
    for where the provider has none yet, filled in as far as another provider knows it.
    """

    company = forms.CharField(max_length=60, widget=forms.HiddenInput)
    told = forms.CharField(max_length=200, widget=forms.HiddenInput)
    address_line_1 = text_field(
        gettext_lazy("Address line 1"), gettext_lazy("Enter street and number."), max_length=200
    )
    address_line_2 = text_field(gettext_lazy("Address line 2"), max_length=200)
    postal_code = text_field(gettext_lazy("ZIP/Postal code"), max_length=20, widget=wide("short"))
    city = text_field(gettext_lazy("City"), gettext_lazy("Enter the city."), max_length=100)
    state = text_field(gettext_lazy("State/Province"), max_length=100, widget=wide("medium"))
    registration_number = text_field(
        gettext_lazy("Registration ID"), max_length=40, widget=wide("medium")
    )
    first_name = text_field(
        gettext_lazy("First name"), gettext_lazy("Enter the first name."), max_length=50
    )
    last_name = text_field(
        gettext_lazy("Last name"), gettext_lazy("Enter the last name."), max_length=50
    )
    email = email_field(gettext_lazy("Email address"), gettext_lazy("Enter the email address."))
    phone = text_field(
        gettext_lazy("Phone number"), max_length=30, widget=wide("medium", type="tel")
    )
    agreement_version = forms.CharField(max_length=20, widget=forms.HiddenInput)
    relationship = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box to accept the relationship.")}
    )
    agreement = forms.BooleanField(
        label=gettext_lazy("I accept the customer agreement for my company."),
        error_messages={"required": gettext_lazy("Tick the box to accept the customer agreement.")},
    )
    admin_provider = forms.BooleanField(required=False)
    admin_reseller = forms.BooleanField(required=False)

    def __init__(self, data=None, *, candidate):
        standing, organization = candidate.standing, candidate.company
        hidden = {"company": organization.slug, "told": standing.fingerprint}
        hidden |= {"agreement_version": wording.AGREEMENT_VERSION}
        super().__init__(data, initial=(candidate.known or {}) | hidden)
        self.standing, self.organization = standing, organization
        self.country = countries()[organization.country]
        self._ask_for_account()
        self._ask_for_agreement()
        self._ask_for_admin()
        self.fields["relationship"].label = self._relationship_words()

    def clean_company(self):
        company = self.cleaned_data["company"]
        if company != self.organization.slug:
            raise ValidationError(_("Select the company that answers."), code="company")
        return company

    def clean_told(self):
        told = self.cleaned_data["told"]
        if told != self.standing.fingerprint:
            raise ValidationError(
                _("Something has changed since you opened the page. Please read it again."),
                code="changed",
            )
        return told

    def clean_agreement_version(self):
        version = self.cleaned_data["agreement_version"]
        if version != wording.AGREEMENT_VERSION:
            raise ValidationError(
                _("The text has changed in the meantime. Please read it again."), code="version"
            )
        return version

    def clean(self):
        if self.standing.is_new:
            self.check_account_address(self.country)
        return self.cleaned_data

    @property
    def answer(self):
        """What ``services.accept_relationship`` takes besides the request and who answers."""
        given = self.cleaned_data
        return {
            "told": given["told"],
            "account": {name: given[name] for name in ACCOUNT if name in given},
            "administrators": [
                company for name, company in self.administrators.items() if given.get(name)
            ],
            "agreement": given.get("agreement_version", ""),
        }

    @property
    def admin_fields(self):
        """The ticks for delegated admin privileges."""
        return [self[name] for name in self.administrators]

    def _ask_for_account(self):
        if not self.standing.is_new:
            return self._drop(*ACCOUNT)
        self.suit_country(self.country)
        self.fields["registration_number"].help_text = self.country.registration_number

    def _ask_for_agreement(self):
        if not self.standing.needs_agreement:
            self._drop("agreement", "agreement_version")

    def _ask_for_admin(self):
        """One tick for each company that asks for privileges and has none."""
        standing, request = self.standing, self.standing.request
        sides = {"admin_provider": request.provider, "admin_reseller": request.reseller}
        asking = self.standing.asking_for_admin
        self.administrators = {name: who for name, who in sides.items() if who in asking}
        for name, company in sides.items():
            if company in asking:
                self.fields[name].label = _admin_words(company, standing.request.admin_days)
            else:
                self._drop(name)

    def _relationship_words(self):
        request = self.standing.request
        if request.reseller:
            words = _(
                "I accept %(provider)s as indirect provider and %(reseller)s as indirect "
                "reseller of %(company)s."
            )
            names = {"reseller": request.reseller.name}
        else:
            words, names = _("I accept %(provider)s as indirect provider of %(company)s."), {}
        return words % (names | {"provider": request.provider.name, "company": self.organization})

    def _drop(self, *names):
        for name in names:
            del self.fields[name]


def _admin_words(company, days):
    words = ngettext(
        "I grant delegated admin privileges to %(name)s for %(days)s day.",
        "I grant delegated admin privileges to %(name)s for %(days)s days.",
        days,
    )
    return words % {"name": company.name, "days": days}


class DeclineRelationshipForm(DeclineForm):
    """The customer's no."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Whoever asked reads it.")
