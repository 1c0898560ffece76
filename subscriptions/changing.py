"""Who may change what of a subscription, and the form that offers it."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers.services import may_administer
from partners.models import PartnerProfile
from portal.accounts.roles import Kind, Permission
from portal.forms import PlainForm
from portal.references import encode
from subscriptions.license_rules import check_change
from subscriptions.models import Subscription
from subscriptions.quantities import in_words, parse_quantity
from subscriptions.resellers import NO_RESELLER, find_location, location_choices, partnerships_of

Status = Subscription.Status

FIELDS = {
    Permission.CHANGE_SUBSCRIPTION: ("quantity", "status"),
    Permission.SET_RESELLER_OF_RECORD: ("reseller_of_record", "mpn_id"),
    Permission.SET_SUPPORT_CONTACT: ("support_contact",),
}


def editable_fields(subscription, membership):
    """Names of the fields ``membership`` may change now; empty when it may only look."""
    if not subscription.is_running or why_not(subscription, membership):
        return []
    return [name for right, names in FIELDS.items() if membership.can(right) for name in names]


def why_not(subscription, membership):
    """Why a partner that could manage subscriptions can't manage this one; "" if it can."""
    kind = membership.organization.kind
    if kind != Kind.CUSTOMER and not subscription.customer.is_active:
        return _now("The relationship with this customer has ended.")
    if kind != Kind.RESELLER:
        return ""
    provider = subscription.provider
    profile = PartnerProfile.objects.filter(organization=provider).first()
    if not profile or not profile.resellers_manage_subscriptions:
        return _now("%(provider)s does not let resellers manage subscriptions.") % {
            "provider": provider.name
        }
    if may_administer(membership, subscription.customer_id):
        return ""
    return _now("The customer does not give you administrator access, or has taken it back.")


class SubscriptionForm(PlainForm):
    """The fields of *Subscription details* that ``membership`` may change.

    Each carries along what it was when the page was opened, so that a change by somebody else
    meanwhile can be told from one's own.
    """

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
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
        choices=[(Status.ACTIVE, Status.ACTIVE.label), (Status.SUSPENDED, Status.SUSPENDED.label)],
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, subscription, membership):
        super().__init__(data, initial=current_values(subscription))
        self.subscription, self.membership = subscription, membership
        editable = {"version", *editable_fields(subscription, membership)}
        for name in set(self.fields) - editable:
            del self.fields[name]
        self._limit_quantity()
        self._choose_partners()

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
        return self._contacts.get(self.cleaned_data["support_contact"])

    def clean(self):
        chosen = self.cleaned_data
        keeps = chosen.get("quantity", self.subscription.quantity) == self.subscription.quantity
        if chosen.get("status") == Status.SUSPENDED and not keeps:
            words = _now("Licenses can't be changed while the subscription is suspended")
            self.add_error("quantity", words)
        return chosen

    @property
    def changes(self):
        """The arguments for ``services.change_subscription``."""
        changes = {name: value for name, value in self.cleaned_data.items() if name != "mpn_id"}
        if typed := self.cleaned_data.get("mpn_id"):
            changes["reseller_of_record"] = typed
        return changes

    @property
    def is_stale(self):
        """Whether the subscription has changed since the page was opened."""
        return self.data.get("version", "") != str(self.subscription.version)

    def rebased(self, why):
        """The same input on top of what the subscription is now; ``why``: a sentence per conflict.

        What was not touched takes the new value; what was is kept and, where it changed on the
        other side too, marked with ``why(value)``.
        """
        now = current_values(self.subscription)
        mine, data = set(self.changed_data), self.data.copy()
        conflicts = [
            name for name in now if name in mine and self._opened_with(name) != str(now[name])
        ]
        for name in set(now) & set(self.fields):
            data[self.add_initial_prefix(name)] = now[name]
            data[name] = self.data.get(name, "") if name in mine - {"version"} else now[name]
        form = type(self)(data, subscription=self.subscription, membership=self.membership)
        form.full_clean()
        for name in set(conflicts) & set(form.fields) - {"version"}:
            form.add_error(name, why(form.words(name, now[name])))
        return form

    def words(self, name, value):
        """A value as people read it: a choice by its words."""
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)

    def _opened_with(self, name):
        return self.data.get(self.add_initial_prefix(name), "")

    def _limit_quantity(self):
        if "quantity" not in self.fields:
            return
        offer, subscription = self.subscription.offer, self.subscription
        words = _now("%(low)s to %(high)s.")
        limits = words % {
            "low": in_words(min(subscription.floor, subscription.quantity)),
            "high": in_words(offer.max_quantity),
        }
        self.fields["quantity"].help_text = limits

    def _choose_partners(self):
        if field := self.fields.get("reseller_of_record"):
            now = self.subscription.reseller_of_record
            field.choices = location_choices(self._partnerships, keep=now)
        if field := self.fields.get("support_contact"):
            field.choices = self._contact_choices()

    def _contact_choices(self):
        own = _now("%(name)s (you)") % {"name": self.subscription.provider.name}
        choices = [("", own)]
        choices += [(encode("R", p.reseller_id), p.reseller.name) for p in self._partnerships]
        contact = self.subscription.support_contact
        if contact and encode("R", contact.pk) not in dict(choices):
            words = _now("%(name)s (partnership ended)") % {"name": contact.name}
            choices.append((encode("R", contact.pk), words))
        return choices

    @cached_property
    def _partnerships(self):
        return partnerships_of(self.membership)

    @cached_property
    def _contacts(self):
        """The organizations behind the choices; the provider itself is None."""
        partners = [p.reseller for p in self._partnerships]
        contact = self.subscription.support_contact
        known = [*partners, contact] if contact else partners
        return {encode("R", partner.pk): partner for partner in known}


def current_values(subscription):
    """What the form's fields hold when the page is opened."""
    record, contact = subscription.reseller_of_record, subscription.support_contact
    return {
        "version": subscription.version,
        "quantity": subscription.quantity,
        "status": subscription.status,
        "reseller_of_record": record.mpn_id if record else NO_RESELLER,
        "support_contact": encode("R", contact.pk) if contact else "",
    }
