"""The end of a provider's partnership: who is to look after the customers, and its forms."""

from collections import Counter
from hashlib import sha256
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from partners.forms.endings import EndingForm
from portal.accounts.models import Organization
from portal.forms import PlainForm
from portal.references import WrongReference, decode, encode
from subscriptions.models import CustomerMove
from subscriptions.resellers import NO_RESELLER, partnerships_of

LEAVE = "leave"


class Group(NamedTuple):
    """So many customers that get the same successor; None: no indirect reseller."""

    successor: Organization | None
    count: int

    @property
    def key(self):
        return encode("R", self.successor.pk) if self.successor else NO_RESELLER


def grouped(moves):
    """The Groups of CustomerMoves, by the successor's name; those without one come last."""
    counts = Counter(moves.values_list("successor", flat=True))
    successors = Organization.objects.in_bulk(pk for pk in counts if pk)
    named = sorted(successors.values(), key=lambda successor: successor.name.casefold())
    groups = [Group(successor, counts[successor.pk]) for successor in named]
    return groups + ([Group(None, counts[None])] if None in counts else [])


class Plan:
    """What is decided about the customers of ``partnership`` and not carried out yet.

    ``fingerprint`` tells whether it is still what somebody saw.
    """

    def __init__(self, partnership):
        self.partnership = partnership
        customers = Customer.objects.active().filter(reseller=partnership.reseller_id)
        self.moves = CustomerMove.objects.of(partnership).decided().filter(customer__in=customers)
        pairs = list(self.moves.values_list("customer_id", "successor_id"))
        self.count = len(pairs)
        self.fingerprint = sha256(repr(pairs).encode()).hexdigest()[:32]

    @cached_property
    def groups(self):
        return grouped(self.moves)

    @cached_property
    def latest(self):
        """The last decision: who made it, and when."""
        return self.moves.select_related("decided_by").order_by("-decided_at").first()


class PlanFields(forms.Form):
    """The plan that was on the page, and the one step more that somebody may take with it."""

    plan = forms.CharField(max_length=64, widget=forms.HiddenInput)
    withdraw = forms.BooleanField(required=False)

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = plan
        words = _now(
            "Also withdraw the delegated admin privileges of %(name)s at the customers that are "
            "handed over or taken to direct"
        )
        self.fields["withdraw"].label = words % {"name": plan.partnership.reseller}

    def clean_plan(self):
        if self.cleaned_data["plan"] != self.known.fingerprint:
            raise ValidationError(
                _now("The choices about customers have changed in the meantime. Check them again.")
            )
        return self.cleaned_data["plan"]

    @property
    def carried_out(self):
        """What ``services.settle_customers`` takes."""
        return {"seen": self.cleaned_data["plan"], "withdraw": self.cleaned_data["withdraw"]}


class SettleForm(PlanFields, PlainForm):
    """Carries out what is decided when the partnership has ended already."""


class RemovalForm(PlanFields, EndingForm):
    """*Remove partnership*: the statement, and what happens to the customers."""


class CustomerSearch(PlainForm):
    """Finds some among the customers of one reseller; what can't be understood does not filter."""

    q = forms.CharField(
        label=_("Company or domain"), required=False, max_length=100, widget=forms.SearchInput
    )

    def apply(self, customers):
        self.is_valid()
        text = self.cleaned_data.get("q")
        return customers.matching(text) if text else customers


class ChoiceForm(PlainForm):
    """Who is to look after customers: those that were ticked, or all that were found."""

    choice = forms.ChoiceField(
        label=_("After the end of the partnership"),
        error_messages={"required": _("Select what is to become of the customers.")},
    )
    action = forms.ChoiceField(choices=[("ticked", ""), ("all", "")], widget=forms.HiddenInput)

    def __init__(self, data=None, *, partnership, membership):
        super().__init__(data)
        self.partnership = partnership
        found = partnerships_of(membership).exclude(reseller=partnership.reseller_id)
        signed = found.filter(reseller__partner__agreement_signed_at__isnull=False)
        self.successors = {encode("R", each.reseller_id): each for each in signed}
        self.fields["choice"].choices = [
            ("", _("Select")),
            (LEAVE, _("Leave them with %(name)s") % {"name": partnership.reseller}),
            (NO_RESELLER, _("Take to direct (no indirect reseller)")),
            (
                _("Hand over to"),
                [(key, self._words(each)) for key, each in self.successors.items()],
            ),
        ]

    def _words(self, partnership):
        return f"{partnership.reseller.name} · {partnership.location.mpn_id}"

    def clean(self):
        if self.cleaned_data.get("action") == "ticked":
            self.ticked = [self._decoded(text) for text in self._sent("customer")]
            if not self.ticked:
                raise ValidationError(_now("Tick at least one customer."))
        return self.cleaned_data

    def _sent(self, name):
        return self.data.getlist(name) if hasattr(self.data, "getlist") else []

    def _decoded(self, text):
        try:
            return decode("C", text)
        except WrongReference as error:
            raise ValidationError(_now("Tick customers of the list.")) from error

    def among(self, customers, found):
        """The customers that are meant: of ``found``, or the ticked ones of all ``customers``.

        Adds an error and returns None when a ticked one is no longer among them.
        """
        if self.cleaned_data["action"] == "all":
            return found
        chosen = customers.filter(pk__in=self.ticked)
        if chosen.count() == len(set(self.ticked)):
            return chosen
        self.add_error(None, _now("One of these customers has another reseller by now."))

    @property
    def successor(self):
        """LEAVE, an organization, or None for no indirect reseller."""
        chosen = self.cleaned_data["choice"]
        if chosen in {LEAVE, NO_RESELLER}:
            return LEAVE if chosen == LEAVE else None
        return self.successors[chosen].reseller
