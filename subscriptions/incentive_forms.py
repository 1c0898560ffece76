"""What of *Incentives* is shown; part of the page's address. Rubbish shows the usual."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import PlainForm
from portal.references import decode
from subscriptions.filters import partners_of
from subscriptions.incentives import LONGEST, NOBODY, USUAL, recent_months


class IncentiveFilter(PlainForm):
    since = forms.ChoiceField(label=_("From month"), required=False)
    until = forms.ChoiceField(label=_("To month"), required=False)
    reseller = forms.ChoiceField(label=_("Indirect reseller"), required=False)

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.recent = recent_months(LONGEST)
        months = [(str(month), month.words) for month in self.recent]
        self.fields["since"].choices = [("", _("Eleven months before")), *months]
        self.fields["until"].choices = [("", _("This month")), *months]
        self.fields["reseller"].choices = [
            ("", _("All resellers")),
            *partners_of(membership).items(),
            (NOBODY, _("No indirect reseller")),
        ]

    @property
    def months(self):
        """The months asked for, the newest first: at most two years, whichever way round."""
        chosen = self._chosen
        places = {str(month): place for place, month in enumerate(self.recent)}
        newest = places.get(chosen.get("until"), 0)
        oldest = places.get(chosen.get("since"), min(newest + USUAL, LONGEST) - 1)
        newest, oldest = sorted((newest, oldest))
        return self.recent[newest : oldest + 1]

    @property
    def company(self):
        """An organization's id, NOBODY, or None for all."""
        reference = self._chosen.get("reseller")
        return decode("R", reference) if reference and reference != NOBODY else reference or None

    @property
    def _chosen(self):
        self.is_valid()
        return self.cleaned_data
