from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.forms import PlainForm
from portal.text import fold
from subscriptions.models import Billing, Offer
from subscriptions.resellers import NO_RESELLER, find_location, location_choices, partnerships_of


class OfferFilter(PlainForm):
    """Which of ``offers`` to show; what can't be understood does not filter."""

    q = forms.CharField(
        label=_("Search offers"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    publisher = forms.ChoiceField(label=_("Publisher"), required=False)
    billing = forms.ChoiceField(
        label=_("Billing type"),
        required=False,
        choices=[("", _("Any billing type")), *Billing.choices],
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("All categories")), *Offer.Category.choices],
    )

    def __init__(self, data, *, offers):
        super().__init__(data)
        publishers = sorted({offer.publisher for offer in offers})
        choices = [("", _("All publishers")), *((name, name) for name in publishers)]
        self.fields["publisher"].choices = choices
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name, "") for name in self.fields}
        self.words = fold(self.chosen["q"]).split()

    def matches(self, offer):
        exact = ("publisher", "billing", "category")
        return all(word in offer.name_key for word in self.words) and all(
            self.chosen[name] in {"", getattr(offer, name)} for name in exact
        )


class AddSubscriptionForm(PlainForm):
    """What *New subscription* asks of an existing customer besides the offers."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    reseller = forms.ChoiceField(
        label=_("Reseller (MPN ID)"),
        help_text=_(
            "Associating the reseller with the subscription lets them earn incentives, if "
            "applicable. With no indirect reseller, nobody earns them."
        ),
        error_messages={"required": _("Select a reseller, or “No indirect reseller”.")},
    )

    def __init__(self, data=None, *, customer, membership, initial=None):
        super().__init__(data, initial=initial)
        self.provider = membership.organization
        partnerships = partnerships_of(membership)
        field = self.fields["reseller"]
        field.choices = [("", _("Select indirect reseller")), *location_choices(partnerships)]
        mine = (p.location.mpn_id for p in partnerships if p.reseller_id == customer.reseller_id)
        field.initial = next(mine, "")

    def clean_reseller(self):
        chosen = self.cleaned_data["reseller"]
        return None if chosen == NO_RESELLER else find_location(chosen, provider=self.provider)


class AgreementForm(PlainForm):
    """When the customer accepted the customer agreement that an order waits for."""

    accepted_on = forms.DateField(
        label=_("Agreement acceptance date"),
        widget=forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the date the customer accepted it."),
            "invalid": _("Enter a date like 2026-11-22."),
        },
    )

    def clean_accepted_on(self):
        day = self.cleaned_data["accepted_on"]
        if day > localdate():
            raise ValidationError(_now("The acceptance date can't be in the future."))
        return day
