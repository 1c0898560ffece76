"""What *Review* shows: everything the order will be made of, as it will be stored."""

from typing import NamedTuple

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import now

from customers.forms import CustomerAccountForm
from customers.models import Customer
from portal.address_forms import DEPENDENT
from subscriptions.bases import choose_bases
from subscriptions.buying import Buyer
from subscriptions.services import changed_prices, fingerprint
from subscriptions.totals import totals

QUALITIES = ("registration_number", "qualification", "education_segment", "education_website")
CONTACT = ("first_name", "last_name", "email", "phone", "language")
AGREEMENT = (
    *("agreement", "agreement_date", "agreement_first_name", "agreement_last_name"),
    *("agreement_email", "agreement_phone"),
)
# Empty, these go without saying.
ONLY_IF_GIVEN = {"address_line_2", "registration_number", *QUALITIES[2:], *AGREEMENT}


class ReviewLine(NamedTuple):
    offer: object
    quantity: int
    was: tuple | None  # (price, currency) when it was chosen, if that has changed
    problem: str
    base: object = None  # what an add-on belongs to

    @property
    def total(self):
        return (self.offer.price or 0) * self.quantity


class Review:
    """One look at a draft whose customer has been entered."""

    def __init__(self, draft, membership):
        self.draft = draft
        self.form = CustomerAccountForm.from_stored(draft.account, membership=membership)
        self.form.is_valid()
        self.buyer = Buyer.of_account(draft.account)
        self.fingerprint = fingerprint(draft)

    @cached_property
    def lines(self):
        quantities = self.draft.quantities
        offers = self.buyer.offers(quantities).filter(pk__in=quantities).order_by("name_key", "pk")
        chosen = {offer: quantities[offer.pk] for offer in offers}
        bases, unclear = choose_bases(chosen, active=[], wanted=self.draft.bases)
        problems, old = unclear | self.buyer.problems(chosen), changed_prices(self.draft)
        return [
            ReviewLine(
                offer, quantity, old.get(offer.pk), problems.get(offer, ""), bases.get(offer)
            )
            for offer, quantity in chosen.items()
        ]

    @property
    def prices_changed(self):
        return any(line.was for line in self.lines)

    @property
    def totals(self):
        currency = self.buyer.currency
        return totals((line.total, currency, line.offer.billing) for line in self.lines)

    @property
    def has_demonstration_prices(self):
        return any(line.offer.is_demonstration for line in self.lines)

    @property
    def must_wait(self):
        """Whether the order will wait for the customer to accept the customer agreement."""
        return self.draft.account["agreement"] != Customer.Agreement.ACCEPTED

    @property
    def cancellable_until(self):
        """How long an order submitted now could be taken back."""
        return now() + settings.CANCELLATION_WINDOW

    @property
    def company(self):
        place = self.form.layout.order
        streets = ("address_line_1", "address_line_2")
        return self._rows(("company_name", "domain", *streets, *place, "country", *QUALITIES))

    @property
    def contact(self):
        return self._rows(CONTACT)

    @property
    def agreement(self):
        return self._rows(AGREEMENT)

    def _rows(self, names):
        rows = [self._row(name) for name in names]
        unasked = ONLY_IF_GIVEN | {
            name for name in DEPENDENT if not self.form.fields[name].required
        }
        return [row for row in rows if row["value"] or row["name"] not in unasked]

    def _row(self, name):
        field = self.form.fields[name]
        return {"name": name, "label": field.label, "value": self._value(name, field)}

    def _value(self, name, field):
        value = self.form.cleaned_data.get(name, self.draft.account.get(name, ""))
        if not value:
            return ""
        if hasattr(value, "isoformat"):
            return date_format(value)
        if name == "domain":
            return f"{value}{self.form.domain_suffix}"
        return dict(getattr(field.widget, "choices", ())).get(value, value)
