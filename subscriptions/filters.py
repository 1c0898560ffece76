from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from partners.models import Partnership
from portal.accounts.roles import Kind
from portal.forms import PlainForm
from portal.references import WrongReference, decode, encode
from portal.text import fold
from subscriptions.models import Order, Subscription
from subscriptions.resellers import NO_RESELLER

NOT_OVER = "running"
STUCK = "stuck"
PROVIDER, RESELLER = "provider", "reseller"
SOON = timedelta(days=30)
RUNNING = (Subscription.Status.PENDING, Subscription.Status.ACTIVE, Subscription.Status.SUSPENDED)


def _search(label):
    return forms.CharField(
        label=label,
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class OrderFilter(PlainForm):
    """Which orders to show; what can't be understood does not filter."""

    q = _search(_("Customer or order"))
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any status")), *Order.Status.choices, (STUCK, _("Stuck"))],
    )

    def apply(self, orders):
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            orders = orders.filter(of_customer(text) | Q(pk=_decoded("O", text)))
        if status := chosen.get("status"):
            orders = orders.stuck() if status == STUCK else orders.filter(status=status)
        return orders


class SubscriptionFilter(PlainForm):
    """Which subscriptions to show; a provider also filters by the resellers involved.

    Three facts, three filters: whose customers (``served_by``), which reseller of record
    (``reseller``) and who is support contact (``support``).
    """

    q = _search(_("Customer or subscription"))
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

    def __init__(self, data, *, membership):
        super().__init__(data)
        if membership.organization.kind == Kind.PROVIDER:
            del self.fields["provider"]
            self._offer_partners(membership)
        elif membership.organization.kind == Kind.RESELLER:
            del self.fields["served_by"]
            self._offer_providers(membership)
        else:
            for name in ("served_by", "reseller", "support"):
                del self.fields[name]
            self.fields["q"].label = _("Subscription")

    def _offer_partners(self, membership):
        """Partners of now and once. One as support contact is offered where the address names it:
        a third list of all of them would weigh more than it helps."""
        partners = _partners_of(membership)
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
        providers = _partners_of(membership, "provider")
        self.fields["provider"].choices = [("", _("All providers")), *providers.items()]
        none = (NO_RESELLER, _("No indirect reseller"))
        self.fields["reseller"].choices = [("", _("All resellers")), us, none]
        self.fields["support"].choices = [("", _("Anybody")), (PROVIDER, _("The provider")), us]

    def apply(self, subscriptions):
        self.is_valid()
        chosen = self.cleaned_data
        if provider := chosen.get("provider"):
            subscriptions = subscriptions.filter(provider=decode("R", provider))
        if text := chosen.get("q"):
            named = Q(name__icontains=text) | Q(pk=_decoded("S", text))
            subscriptions = subscriptions.filter(of_customer(text) | named)
        if status := chosen.get("status"):
            states = RUNNING if status == NOT_OVER else [status]
            subscriptions = subscriptions.filter(status__in=states)
        if reseller := chosen.get("served_by"):
            served_by = None if reseller == NO_RESELLER else decode("R", reseller)
            subscriptions = subscriptions.filter(reseller=served_by)
        if reseller := chosen.get("reseller"):
            subscriptions = subscriptions.filter(_of_record(reseller))
        if support := chosen.get("support"):
            subscriptions = subscriptions.filter(_supported_by(support))
        if chosen.get("renewal"):
            days = (localdate(), localdate() + SOON)
            subscriptions = subscriptions.filter(ends_on__range=days, status__in=RUNNING)
        return subscriptions


def _of_record(reference):
    """Subscriptions that name this reseller; of those that name none, the ones still running."""
    if reference != NO_RESELLER:
        return Q(reseller_of_record__organization=decode("R", reference))
    return Q(reseller_of_record__isnull=True, status__in=RUNNING)


def _supported_by(who):
    """Subscriptions with the provider itself, any reseller, or this one as support contact."""
    if who in (PROVIDER, RESELLER):
        return Q(support_contact__isnull=who == PROVIDER)
    return Q(support_contact=decode("R", who))


def _partners_of(membership, side="reseller"):
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


def of_customer(text):
    """Rows of customers whose name or domain holds every word."""
    found = Q()
    for word in fold(text).split():
        here = Q(customer__name_key__contains=word) | Q(customer__domain__contains=word)
        found &= here
    return found


def _decoded(letter, text):
    """The id behind a typed reference, or None."""
    try:
        return decode(letter, text)
    except WrongReference:
        return None
