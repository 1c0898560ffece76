"""The page that gives many customers to another reseller."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.resellers import NO_RESELLER, Resellers, ResellerSelect
from portal.forms import PlainForm
from portal.preview import ButtonForm


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


class MoveForm(ButtonForm):
    """*Assign N customers*."""

    def changed_words(self, number):
        words = ngettext(
            "The list has changed: %(number)d customer can be moved now. Check again.",
            "The list has changed: %(number)d customers can be moved now. Check again.",
            number,
        )
        return words % {"number": number}

    def lost_words(self):
        return _("Choose the customers again: the page has lost them.")
