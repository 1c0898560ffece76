"""The customer agreement: attested by the provider's staff, or accepted by the customer itself."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers import wording
from customers.account_rules import AddressRules
from customers.forms.fields import email_field, text_field, wide
from customers.services.agreements import SIGNER
from partners.forms.companies import VersionedForm
from portal.forms import PlainForm


class ConfirmationForm(AddressRules, PlainForm):
    """*Confirm acceptance*: who accepted it for the customer, and when."""

    accepted_on = forms.DateField(
        label=_("Agreement acceptance date"),
        widget=forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the date the customer accepted it."),
            "invalid": _("Enter a date like 2026-11-22."),
        },
    )
    first_name = text_field(_("Signer's first name"), _("Enter the first name."), max_length=50)
    last_name = text_field(_("Signer's last name"), _("Enter the last name."), max_length=50)
    email = email_field(_("Signer's email address"), _("Enter the email address."))
    phone = text_field(_("Signer's phone number"), max_length=30, widget=wide("medium", type="tel"))

    def __init__(self, data=None, *, customer):
        self.customer = customer
        contact = {name: getattr(customer, name) for name in SIGNER}
        super().__init__(data, initial={} if customer.may_buy else contact)

    def clean_accepted_on(self):
        day = self.cleaned_data["accepted_on"]
        if day > localdate():
            raise ValidationError(_now("The acceptance date can't be in the future."))
        return day

    def clean(self):
        self.tidy_phone_of("phone", self.customer.country)
        return self.cleaned_data

    @property
    def confirmation(self):
        """What ``services.confirm_agreement`` takes."""
        return {
            "accepted_on": self.cleaned_data["accepted_on"],
            "signer": {name: self.cleaned_data[name] for name in SIGNER},
        }


class OwnAgreementForm(VersionedForm):
    """*Accept*: the customer's own global admin, for the text that was on the page."""

    VERSION = wording.AGREEMENT_VERSION
    accepted = forms.BooleanField(
        label=_("I accept the customer agreement for my company."),
        error_messages={"required": _("Tick the box to accept the customer agreement.")},
    )


class RemovalForm(VersionedForm):
    """The statement of whoever removes a reseller relationship."""

    VERSION = wording.REMOVAL_VERSION
    confirmed = forms.BooleanField(
        label=_("I make this statement on behalf of my company."),
        error_messages={"required": _("Confirm the statement to remove the relationship.")},
    )

    @property
    def statement(self):
        return wording.removal_statement()
