from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind
from portal.forms import PlainForm
from portal.references import WrongReference, decode, encode
from portal.text import fold
from subscriptions.models import Order, Subscription
from subscriptions.resellers import NO_RESELLER, partnerships_of

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
        label=_("Status"), required=False, choices=[("", _("Any status")), *Order.Status.choices]
    )

    def apply(self, orders):
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            orders = orders.filter(_of_customer(text) | Q(pk=_decoded("O", text)))
        if status := chosen.get("status"):
            orders = orders.filter(status=status)
        return orders


class SubscriptionFilter(PlainForm):
    """Which subscriptions to show; a provider also filters by reseller of record."""

    q = _search(_("Customer or subscription"))
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any status")), *Subscription.Status.choices],
    )
    reseller = forms.ChoiceField(label=_("Reseller (MPN ID)"), required=False)
    renewal = forms.ChoiceField(
        label=_("Renewal"),
        required=False,
        choices=[("", _("Any time")), ("soon", _("Within 30 days"))],
    )

    def __init__(self, data, *, membership):
        super().__init__(data)
        if membership.organization.kind == Kind.PROVIDER:
            partners = partnerships_of(membership).values_list("reseller", "reseller__name")
            named = [(encode("R", pk), name) for pk, name in partners]
            none = (NO_RESELLER, _("No indirect reseller"))
            self.fields["reseller"].choices = [("", _("All resellers")), *named, none]
        else:
            del self.fields["reseller"]
        if membership.organization.kind == Kind.CUSTOMER:
            self.fields["q"].label = _("Subscription")

    def apply(self, subscriptions):
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            named = Q(name__icontains=text) | Q(pk=_decoded("S", text))
            subscriptions = subscriptions.filter(_of_customer(text) | named)
        if status := chosen.get("status"):
            subscriptions = subscriptions.filter(status=status)
        if reseller := chosen.get("reseller"):
            subscriptions = subscriptions.filter(_of_record(reseller))
        if chosen.get("renewal"):
            days = (localdate(), localdate() + SOON)
            subscriptions = subscriptions.filter(ends_on__range=days, status__in=RUNNING)
        return subscriptions


def _of_record(reference):
    """Subscriptions that name this reseller; of those that name none, the ones still running."""
    if reference != NO_RESELLER:
        return Q(reseller_of_record__organization=decode("R", reference))
    return Q(reseller_of_record__isnull=True, status__in=RUNNING)


def _of_customer(text):
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
