"""Which license requests a list shows."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind
from portal.forms import PlainForm
from portal.references import decode_or_none
from subscriptions.conditions import of_customer
from subscriptions.models import LicenseRequest

RECENT = "recent"
CUSTOMER = "subscription__customer"
REFERENCES = {"L": "pk", "S": "subscription", "C": CUSTOMER}


class LicenseRequestFilter(PlainForm):
    """Which license requests to show; what can't be understood does not filter."""

    q = forms.CharField(
        label=_("Customer or subscription"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Any status")),
            (RECENT, _("Answered within 14 days")),
            *LicenseRequest.Status.choices,
        ],
    )

    def __init__(self, data, *, membership):
        super().__init__(data)
        if membership.organization.kind == Kind.CUSTOMER:
            self.fields["q"].label = _("Subscription")

    def apply(self, requests):
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            requests = requests.filter(_about(text))
        if status := chosen.get("status"):
            is_recent = status == RECENT
            requests = requests.answered_of_late() if is_recent else requests.in_state(status)
        return requests


def _about(text):
    """Requests whose customer or subscription is called so, or which have such a reference."""
    found = of_customer(text, CUSTOMER) | Q(subscription__name__icontains=text)
    for letter, column in REFERENCES.items():
        if pk := decode_or_none(letter, text):
            found |= Q(**{column: pk})
    return found
