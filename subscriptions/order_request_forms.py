"""The forms and the filter of order requests."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.forms import PlainForm
from portal.references import decode_or_none
from subscriptions.asking import one_break
from subscriptions.conditions import of_customer
from subscriptions.models import OrderRequest


class OrderRequestForm(PlainForm):
    """What *Ask the provider to order* asks besides the offers."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note to the provider"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_note(self):
        return one_break(self.cleaned_data["note"])


class OrderDeclineForm(PlainForm):
    """Why the provider does not order."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The reseller reads it."),
        error_messages={"required": _("Tell the reseller why.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self):
        return one_break(self.cleaned_data["reason"])


class OrderRequestFilter(PlainForm):
    """Which order requests to show; what can't be understood does not filter."""

    q = forms.CharField(
        label=_("Customer or request"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any status")), *OrderRequest.Status.choices],
    )

    def apply(self, requests):
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            requests = requests.filter(_about(text))
        if status := self.cleaned_data.get("status"):
            requests = requests.in_state(status)
        return requests


def _about(text):
    """Requests for customers called so, or which have such a reference."""
    mine = Q(pk=decode_or_none("E", text)) | Q(customer=decode_or_none("C", text))
    return of_customer(text) | mine
