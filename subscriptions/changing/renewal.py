"""*At renewal*: whether the subscription goes on at the end of its term, and as what."""

from django import forms
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.forms import PlainForm
from subscriptions.license_rules import check_limits
from subscriptions.models import Billing, Term
from subscriptions.quantities import check_quantity, parse_quantity
from subscriptions.templatetags.money import money, per
from subscriptions.terms import sold_variants

RENEWAL = ("auto_renew", "renewal_quantity", "renewal_plan")
# The inputs behind what ``services.change_renewal`` refuses.
INPUTS = {"quantity": "renewal_quantity", "term": "renewal_plan", "billing": "renewal_plan"}


class RenewalFields(PlainForm):
    """The part of SubscriptionForm about the next term; trials have none.

    A term and how often it is billed are chosen together: so nothing can be chosen that is not
    sold, and each choice says its price.
    """

    auto_renew = forms.BooleanField(label=_("Auto-renew"), required=False, show_hidden_initial=True)
    renewal_quantity = forms.CharField(
        label=_("Licenses at renewal"),
        required=False,
        max_length=20,
        show_hidden_initial=True,
        help_text=_(
            "Empty: as many as there are on that day. Users keep what is assigned to them."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "short"}),
    )
    renewal_plan = forms.ChoiceField(
        label=_("Term and billing frequency at renewal"),
        show_hidden_initial=True,
        help_text=_("Prices exclude tax and are those of today."),
    )

    def offer_renewal(self):
        """Leave out what can't be chosen here."""
        subscription = self.subscription
        if subscription.offer.is_trial or not subscription.ends_on:
            for name in set(RENEWAL) & set(self.fields):
                del self.fields[name]
        if field := self.fields.get("auto_renew"):
            day = date_format(subscription.ends_on, "DATE_FORMAT")
            field.help_text = _now("Renews on %(day)s; otherwise it ends on that day.") % {
                "day": day
            }
        if field := self.fields.get("renewal_plan"):
            field.choices = self._plan_choices()

    def clean_renewal_quantity(self):
        typed = self.cleaned_data["renewal_quantity"].strip()
        return parse_quantity(typed) if typed else None

    def check_renewal(self):
        """Note where the next term could not be bought as it was entered."""
        quantity = self.cleaned_data.get("renewal_quantity")
        if quantity is None or not self.renewal:
            return
        try:
            self._check_quantity(quantity)
        except forms.ValidationError as refusal:
            self.add_error("renewal_quantity", refusal)

    @property
    def renewal(self):
        """The arguments for ``services.change_renewal``; None where nothing about it changes."""
        values = {name: self.cleaned_data.get(name) for name in RENEWAL if name in self.fields}
        if not values or values == planned_values(self.subscription):
            return None
        term, _slash, billing = (values["renewal_plan"] or "").partition("/")
        quantity = values["renewal_quantity"]
        return {
            "auto_renew": values["auto_renew"],
            "quantity": quantity,
            "term": term if term != self.subscription.term else "",
            "billing": billing if billing != self.subscription.billing else "",
        }

    def _check_quantity(self, quantity):
        offer = self._variants.get(self.cleaned_data.get("renewal_plan"))
        if offer is None:
            return check_limits(self.subscription, quantity)
        low, high = offer.min_quantity, offer.max_quantity
        check_quantity(quantity, name=self.subscription.name, low=low, high=high)

    def _plan_choices(self):
        """What is sold, as far as the person may change how often it is billed."""
        subscription, may_bill = self.subscription, self.membership.can(Permission.CHANGE_BILLING)
        kept = {plan_of(subscription.term, subscription.billing), planned_plan(subscription)}
        offered = {
            plan: f"{plan_in_words(plan)} · {_price(offer, subscription.currency)}"
            for plan, offer in self._variants.items()
            if may_bill or offer.billing == subscription.billing or plan in kept
        }
        return list(({plan: plan_in_words(plan) for plan in kept} | offered).items())

    @cached_property
    def _variants(self):
        return {plan_of(o.term, o.billing): o for o in sold_variants(self.subscription)}


def planned_values(subscription):
    """What the fields hold when the page is opened."""
    return {
        "auto_renew": subscription.auto_renew,
        "renewal_quantity": subscription.renewal_quantity,
        "renewal_plan": planned_plan(subscription),
    }


def planned_plan(subscription):
    """Term and billing of the next term, as the value of a choice."""
    term = subscription.renewal_term or subscription.term
    return plan_of(term, subscription.renewal_billing or subscription.billing)


def plan_of(term, billing):
    """Both as the value of a choice: "P1Y/monthly"."""
    return f"{term}/{billing}"


def plan_in_words(plan):
    """ "1 year, Monthly"."""
    term, _slash, billing = plan.partition("/")
    return f"{Term(term).label}, {Billing(billing).label}"


def _price(offer, currency):
    return f"{money(offer.price, currency)} {per(offer.billing)}"
