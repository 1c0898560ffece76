"""Which reseller is to look after a customer."""

from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers.resellers import NO_RESELLER, Resellers, ResellerSelect
from customers.services.single_moves import move_problem
from portal.accounts.models import Organization
from portal.forms import PlainForm
from portal.references import encode


class Chosen(NamedTuple):
    """The organization, or None for no indirect reseller."""

    reseller: Organization | None


class MoveForm(PlainForm):
    """The choice is judged when it is made and again with the move.

    ``seen`` is the reseller that the page showed; only a ``confirmed`` form has it.
    """

    reseller = forms.ChoiceField(
        label=_("Who is to look after the customer"),
        error_messages={"required": _("Select an indirect reseller, or “No indirect reseller”.")},
        widget=ResellerSelect,
    )
    was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data=None, *, customer, membership, confirmed=False):
        super().__init__(data, initial={"was": self.name_of(customer.reseller_id)})
        self.customer, self.confirmed = customer, confirmed
        self.resellers = Resellers(membership)
        field = self.fields["reseller"]
        field.choices = self.resellers.choices
        field.widget.unavailable = self.resellers.unavailable

    @staticmethod
    def name_of(reseller_id):
        return encode("R", reseller_id) if reseller_id else NO_RESELLER

    def clean_reseller(self):
        reference = self.cleaned_data["reseller"]
        if reason := self.resellers.unavailable.get(reference):
            raise ValidationError(reason, code="unavailable")
        reseller = self.resellers.available.get(reference)
        if problem := move_problem(self.customer, reseller):
            raise ValidationError(problem, code="problem")
        return Chosen(reseller)

    def clean_was(self):
        now = self.name_of(self.customer.reseller_id)
        if self.confirmed and self.cleaned_data["was"] != now:
            words = _now("Somebody else has just moved this customer. Check it again.")
            self.add_error("reseller", words)
        return now

    @property
    def chosen(self):
        return self.cleaned_data["reseller"]

    @property
    def seen(self):
        """The id of the reseller that the page showed; what it was when the form was checked."""
        return self.customer.reseller_id
