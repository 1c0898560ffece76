"""The form of *Subscription details*."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.references import encode
from subscriptions.changing.contacts import Contacts
from subscriptions.changing.renewal import INPUTS, RenewalFields, planned_values
from subscriptions.changing.rights import editable_fields, may_cancel
from subscriptions.changing.states import status_choices
from subscriptions.changing.typed import Typed
from subscriptions.license_rules import check_change, limits_in_words
from subscriptions.models import Subscription
from subscriptions.quantities import parse_quantity
from subscriptions.resellers import NO_RESELLER, find_location, location_choices, partnerships_of

Status = Subscription.Status
CHANGES = ("version", "nickname", "quantity", "reseller_of_record", "support_contact", "status")


class SubscriptionForm(Typed, RenewalFields):
    """The fields of *Subscription details* that ``membership`` may change."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    nickname = forms.CharField(
        label=_("Nickname"),
        required=False,
        max_length=100,
        show_hidden_initial=True,
        help_text=_("Shown instead of the product's name, to the customer as well."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    quantity = forms.CharField(
        label=_("Licenses"),
        max_length=20,
        show_hidden_initial=True,
        error_messages={"required": _("Enter a whole number of licenses")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "short"}),
    )
    reseller_of_record = forms.ChoiceField(
        label=_("Reseller (MPN ID)"),
        show_hidden_initial=True,
        help_text=_("With no indirect reseller, nobody earns the incentive."),
    )
    mpn_id = forms.CharField(
        label=_("Indirect reseller not in the list? Enter MPN ID"),
        required=False,
        max_length=20,
        help_text=_(
            "Use the MPN ID of the reseller's Partner Location Account. Leave it empty to use "
            "the list."
        ),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "data-width": "medium", "autocomplete": "off"}
        ),
    )
    support_contact = forms.ChoiceField(
        label=_("Designated support contact"),
        required=False,
        show_hidden_initial=True,
        help_text=_("Gets the support requests for this subscription."),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        show_hidden_initial=True,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, subscription, membership):
        super().__init__(data, initial=current_values(subscription))
        self.subscription, self.membership = subscription, membership
        editable = {"version", *editable_fields(subscription, membership)}
        for name in set(self.fields) - editable:
            del self.fields[name]
        if field := self.fields.get("quantity"):
            field.help_text = limits_in_words(subscription)
        if field := self.fields.get("reseller_of_record"):
            now = subscription.reseller_of_record
            field.choices = location_choices(self._partnerships, keep=now)
        if field := self.fields.get("support_contact"):
            field.choices = self._contacts.choices
        if field := self.fields.get("status"):
            field.choices = status_choices(subscription, may_cancel(subscription, membership))
        self.offer_renewal()

    def clean_quantity(self):
        quantity = parse_quantity(self.cleaned_data["quantity"])
        check_change(self.subscription, quantity)
        return quantity

    def clean_mpn_id(self):
        typed = self.cleaned_data["mpn_id"]
        return find_location(typed, provider=self.subscription.provider) if typed else None

    def clean_reseller_of_record(self):
        chosen, now = self.cleaned_data["reseller_of_record"], self.subscription.reseller_of_record
        if chosen == NO_RESELLER:
            return None
        if now and chosen == now.mpn_id:
            return now
        if self.data.get("mpn_id", "").strip():
            return now  # what was typed is asked instead
        return find_location(chosen, provider=self.subscription.provider)

    def clean_support_contact(self):
        return self._contacts.find(self.cleaned_data["support_contact"])

    def clean(self):
        chosen = self.cleaned_data
        keeps = chosen.get("quantity", self.subscription.quantity) == self.subscription.quantity
        if chosen.get("status") == Status.SUSPENDED and not keeps:
            words = _now("Licenses can't be changed while the subscription is suspended")
            self.add_error("quantity", words)
        self.check_renewal()
        return chosen

    @property
    def changes(self):
        """The arguments for ``services.change_details``."""
        changes = {name: self.cleaned_data[name] for name in CHANGES if name in self.cleaned_data}
        if typed := self.cleaned_data.get("mpn_id"):
            changes["reseller_of_record"] = typed
        return changes | {"renewal": self.renewal}

    def refuse(self, refusal):
        """Say at the right field what a service refused (a LifeRefused)."""
        name = INPUTS.get(refusal.field, refusal.field or "status")
        self.add_error(name if name in self.fields else None, refusal.reason)

    def values_now(self):
        """What the fields hold when the page is opened now."""
        return current_values(self.subscription)

    @property
    def named_mpn_id(self):
        """The MPN ID that was typed, else the one chosen in the list; "" for none."""
        typed, chosen = self["mpn_id"].value() or "", self["reseller_of_record"].value()
        offered = {mpn_id for mpn_id, _words in self.fields["reseller_of_record"].choices}
        listed = chosen if chosen in offered - {NO_RESELLER} else ""
        return typed.strip() or listed

    @cached_property
    def _contacts(self):
        return Contacts(self.subscription, self.membership, self._partnerships)

    @cached_property
    def _partnerships(self):
        return partnerships_of(self.membership)


def current_values(subscription):
    """What the form's fields hold when the page is opened."""
    record, contact = subscription.reseller_of_record, subscription.support_contact
    planned = planned_values(subscription)
    return planned | {
        "renewal_quantity": planned["renewal_quantity"] or "",
        "version": subscription.version,
        "nickname": subscription.nickname,
        "quantity": subscription.quantity,
        "status": subscription.status,
        "reseller_of_record": record.mpn_id if record else NO_RESELLER,
        "support_contact": encode("R", contact.pk) if contact else "",
    }
