"""*Convert trial to paid subscription*: what a trial can become, and the form that asks."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.forms import PlainForm
from subscriptions.changing.renewal import plan_in_words, plan_of
from subscriptions.quantities import in_words, parse_quantity
from subscriptions.services.planning import paid_offers
from subscriptions.templatetags.money import money, per


class TrialForm(PlainForm):
    """Which offer, with its term and billing frequency, and how many licenses.

    A choice holds the price that the person saw: at another one it can't be chosen any more.
    """

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    offer = forms.ChoiceField(
        label=_("Paid subscription and billing frequency"),
        error_messages={
            "required": _("Choose what the trial becomes."),
            "invalid_choice": _("This offer or its price has changed. Choose again."),
        },
        widget=forms.RadioSelect,
    )
    quantity = forms.CharField(
        label=_("Licenses"),
        max_length=20,
        error_messages={"required": _("Enter a whole number of licenses")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "short"}),
    )

    def __init__(self, data=None, *, subscription):
        initial = {"version": subscription.version, "quantity": in_words(subscription.quantity)}
        super().__init__(data, initial=initial)
        self.subscription = subscription
        self.fields["offer"].choices = [
            (value, self._words(offer)) for value, offer in self.offers.items()
        ]

    @cached_property
    def offers(self):
        """What it can become, by the value of its choice."""
        found = paid_offers(self.subscription).order_by("name_key", "term", "billing", "pk")
        return {f"{offer.pk}:{offer.price}": offer for offer in found}

    def clean_offer(self):
        return self.offers[self.cleaned_data["offer"]]

    def clean_quantity(self):
        return parse_quantity(self.cleaned_data["quantity"])

    def _words(self, offer):
        price = money(offer.price, self.subscription.currency)
        plan = plan_in_words(plan_of(offer.term, offer.billing))
        return f"{offer.name} · {plan} · {price} {per(offer.billing)}"
