"""The forms of license requests, and who may answer one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.forms import PlainForm
from subscriptions.changing import why_not
from subscriptions.license_rules import day_of_change
from subscriptions.quantities import parse_quantity


class LicenseRequestForm(PlainForm):
    """The number of licenses a customer would like to have, and why."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    quantity = forms.CharField(
        label=_("Licenses you would like"),
        max_length=20,
        error_messages={"required": _("Enter a whole number of licenses")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "data-width": "short", "autocomplete": "off"}
        ),
    )
    note = forms.CharField(
        label=_("Note to your partner"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data=None, *, subscription, **kwargs):
        super().__init__(data, **kwargs)
        self.subscription = subscription

    def clean_quantity(self):
        quantity = parse_quantity(self.cleaned_data["quantity"])
        day_of_change(self.subscription, quantity)
        return quantity

    def clean_note(self):
        return one_break(self.cleaned_data["note"])


class DeclineForm(PlainForm):
    """Why the customer does not get the licenses."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The customer reads it."),
        error_messages={"required": _("Tell the customer why.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self):
        return one_break(self.cleaned_data["reason"])


def why_no_answer(asked, membership):
    """Why this member can't approve or decline ``asked`` now; "" if it can.

    A reseller may where it may change the subscription's licenses (decision 7).
    """
    if not (asked.is_open and membership.can(Permission.CHANGE_SUBSCRIPTION)):
        return ""
    return why_not(asked.subscription, membership)


def may_answer(asked, membership):
    """Whether this member can approve or decline ``asked`` now."""
    may = asked.is_open and membership.can(Permission.CHANGE_SUBSCRIPTION)
    return may and not why_no_answer(asked, membership)


def one_break(text):
    """Browsers send line breaks as two characters; they are stored as one."""
    return "\n".join(text.splitlines())
