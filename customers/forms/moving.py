"""The page that gives many customers to another reseller."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.resellers import NO_RESELLER, Resellers, ResellerSelect
from portal.forms import PlainForm
from portal.queries import read

LONGEST_QUERY = 10_000  # characters: two hundred selected customers and all filters


class TargetForm(PlainForm):
    """To whom the customers go; part of the page's address."""

    to = forms.ChoiceField(
        label=gettext_lazy("New indirect reseller"), required=False, widget=ResellerSelect
    )

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.resellers = Resellers(membership)
        self.fields["to"].choices = self.resellers.choices
        self.fields["to"].widget.unavailable = self.resellers.unavailable

    @property
    def is_chosen(self):
        return self.is_valid() and bool(self.cleaned_data["to"])

    @property
    def reseller(self):
        """The organization chosen, None for no reseller."""
        chosen = self.cleaned_data["to"]
        return None if chosen == NO_RESELLER else self.resellers.partnerships[chosen].reseller


class MoveForm(PlainForm):
    """*Assign N customers*: what the page was about when the button was shown."""

    query = forms.CharField(max_length=LONGEST_QUERY, widget=forms.HiddenInput)
    expected = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def clean_query(self):
        return read(self.cleaned_data["query"], longest=LONGEST_QUERY)

    def compare(self, expected, fingerprint):
        """Refuse when the page's facts are no longer true; they are what is true now."""
        told = self.cleaned_data["expected"], self.cleaned_data["fingerprint"]
        if told != (expected, fingerprint):
            words = ngettext(
                "The list has changed: %(number)d customer can be moved now. Check again.",
                "The list has changed: %(number)d customers can be moved now. Check again.",
                expected,
            )
            self.add_error(None, ValidationError(words % {"number": expected}, code="changed"))
        return not self.errors

    def refuse(self):
        self.add_error(None, _("Choose the customers again: the page has lost them."))
