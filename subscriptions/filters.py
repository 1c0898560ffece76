from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Partnership
from portal.accounts.roles import Kind
from portal.forms import PlainForm
from portal.references import decode_or_none, encode
from subscriptions.conditions import NOT_OVER, PROVIDER, RESELLER, narrow, of_customer
from subscriptions.models import Order, Subscription
from subscriptions.resellers import NO_RESELLER

STUCK = "stuck"
ANYBODY_OR_ME = [("", _("Anybody")), ("me", _("Me"))]


def search_field(label):
    return forms.CharField(
        label=label,
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class OrderFilter(PlainForm):
    """Which orders to show; what can't be understood does not filter."""

    q = search_field(_("Customer or order"))
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any status")), *Order.Status.choices, (STUCK, _("Stuck"))],
    )
    by = forms.ChoiceField(label=_("Placed by"), required=False, choices=ANYBODY_OR_ME)

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.membership = membership

    def apply(self, orders):
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            orders = orders.filter(of_customer(text) | Q(pk=decode_or_none("O", text)))
        if status := chosen.get("status"):
            orders = orders.stuck() if status == STUCK else orders.filter(status=status)
        if chosen.get("by"):
            orders = orders.filter(placed_by=self.membership.user_id)
        return orders


class SubscriptionFilter(PlainForm):
    """Which subscriptions to show; a provider also filters by the resellers involved.

    Three facts, three filters: whose customers (``served_by``), which reseller of record
    (``reseller``) and who is support contact (``support``). ``partnership`` finds those that name
    a former partner as one of the last two.
    """

    q = search_field(_("Customer or subscription"))
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Any status")),
            (NOT_OVER, _("Current")),
            *Subscription.Status.choices,
        ],
    )
    served_by = forms.ChoiceField(label=_("Customers of"), required=False)
    provider = forms.ChoiceField(label=_("Filter by indirect provider"), required=False)
    reseller = forms.ChoiceField(label=_("Reseller (MPN ID)"), required=False)
    support = forms.ChoiceField(label=_("Support contact"), required=False)
    renewal = forms.ChoiceField(
        label=_("Renewal"),
        required=False,
        choices=[("", _("Any time")), ("soon", _("Within 30 days"))],
    )
    partnership = forms.ChoiceField(
        label=_("Partnership"), required=False, choices=[("", _("Any")), ("ended", _("Ended"))]
    )
    window = forms.ChoiceField(
        label=_("Cancellation window"),
        required=False,
        choices=[("", _("Any time")), ("closing", _("Closes within 3 days"))],
    )
    by = forms.ChoiceField(label=_("Customers added by"), required=False, choices=ANYBODY_OR_ME)
    more = ("support", "renewal", "partnership", "window", "by")

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.membership = membership
        if membership.organization.kind == Kind.PROVIDER:
            del self.fields["provider"]
            self._offer_partners(membership)
        elif membership.organization.kind == Kind.RESELLER:
            for name in ("served_by", "partnership", "by"):
                del self.fields[name]
            self._offer_providers(membership)
        else:
            for name in ("served_by", "reseller", "support", "partnership", "window", "by"):
                del self.fields[name]
            self.fields["q"].label = _("Subscription")
            self.more = ()

    def _offer_partners(self, membership):
        """Partners of now and once. One as support contact is offered where the address names it:
        a third list of all of them would weigh more than it helps."""
        partners = partners_of(membership)
        everybody = [("", _("All resellers")), *partners.items()]
        none = (NO_RESELLER, _("No indirect reseller"))
        self.fields["served_by"].choices = [*everybody, none]
        self.fields["reseller"].choices = [*everybody, none]
        named = self.data.get("support")
        self.fields["support"].choices = [
            ("", _("Anybody")),
            (PROVIDER, membership.organization.name),
            (RESELLER, _("An indirect reseller")),
            *([(named, partners[named])] if named in partners else []),
        ]

    def _offer_providers(self, membership):
        """For a reseller: through whom its customers buy, and where it is named itself."""
        company = membership.organization
        us = (encode("R", company.pk), company.name)
        providers = partners_of(membership, "provider")
        self.fields["provider"].choices = [("", _("All providers")), *providers.items()]
        none = (NO_RESELLER, _("No indirect reseller"))
        self.fields["reseller"].choices = [("", _("All resellers")), us, none]
        self.fields["support"].choices = [("", _("Anybody")), (PROVIDER, _("The provider")), us]

    @property
    def more_is_used(self):
        """Whether one of the filters that are folded away is in use."""
        return any(self.data.get(name) for name in self.more)

    def apply(self, subscriptions):
        self.is_valid()
        return narrow(subscriptions, self.cleaned_data, self.membership)


def partners_of(membership, side="reseller"):
    """Names of the partners by their reference; those whose partnership has ended say so."""
    by_name = ("reseller_name_key", "reseller") if side == "reseller" else ("provider__name",)
    found = Partnership.objects.visible_to(membership).order_by(*by_name)
    facts = found.values_list(side, f"{side}__name", "status")
    names = {encode("R", pk): name for pk, name, _status in facts}
    active = {encode("R", pk) for pk, _name, status in facts if status == Partnership.Status.ACTIVE}
    ended = _("%(name)s (partnership ended)")
    return {
        reference: name if reference in active else ended % {"name": name}
        for reference, name in names.items()
    }
