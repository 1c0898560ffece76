"""Grants: finding them, asking for more time, and the customer's own choice of tenant owners."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, DelegatedAdmin
from customers.models.grants import MOST_DAYS
from customers.resellers import partners_of
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Permission, roles_with
from portal.forms import PlainForm
from portal.references import decode_or_none, encode

SEPARATOR = ":"
SOON = 30  # days


def days_field(initial):
    """A number of days within what a grant may last."""
    return forms.IntegerField(
        label=_("Duration in days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=initial,
        help_text=_("1 to 730 days."),
        error_messages={
            "required": _("Enter a number of days."),
            "invalid": _("Enter a whole number of days."),
            "min_value": _("Enter at least 1 day."),
            "max_value": _("Enter at most 730 days."),
        },
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )


class GrantFilter(PlainForm):
    """Search and filter of *Admin relationships*; what can't be understood does not filter."""

    q = forms.CharField(
        label=_("Customer, name or reference"),
        required=False,
        max_length=100,
        widget=forms.SearchInput,
    )
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *DelegatedAdmin.Status.choices],
    )
    ends = forms.ChoiceField(
        label=_("Ends"),
        required=False,
        choices=[("", _("Any time")), (str(SOON), _("Within 30 days"))],
    )
    partner = forms.ChoiceField(label=_("Partner"), required=False)

    def __init__(self, data=None, *, membership):
        super().__init__(data)
        own, self.partners = membership.organization, partners_of(membership)
        self.is_provider = own.kind == Kind.PROVIDER
        if self.is_provider:
            self.partners = {encode("R", own.pk): own, **self.partners}
        else:
            self.fields["partner"].label = _("Filter by indirect provider")
        names = [(reference, partner.name) for reference, partner in self.partners.items()]
        self.fields["partner"].choices = [("", _("All partners")), *names]

    def apply(self, grants):
        self.is_valid()
        found = self.cleaned_data
        if text := found.get("q"):
            grants = grants.filter(self._named(text))
        if state := found.get("state"):
            grants = grants.in_state(state)
        if found.get("ends"):
            grants = grants.ending_within(SOON)
        if chosen := found.get("partner"):
            partner = self.partners[chosen].pk
            held = grants.held_by(partner)
            grants = held if self.is_provider else grants.filter(provider=partner)
        return grants

    def _named(self, text):
        named = Q(organization__name__icontains=text) | Q(name__icontains=text)
        return named | Q(pk=decode_or_none("G", text))


class RenewalForm(PlainForm):
    """*Ask for renewal*: how long the grants are to last from the customers' answers on."""

    days = days_field(settings.DELEGATED_ADMIN_DAYS)


class OwnerForm(PlainForm):
    """*Give tenant owner permissions*: to a reseller's whole team or to one person there."""

    who = forms.ChoiceField(
        label=_("Who gets them"),
        help_text=_("One of your indirect resellers: the whole team, or one person."),
        error_messages={
            "required": _("Select who gets tenant owner permissions."),
            "invalid_choice": _("Select one of your indirect resellers or of their people."),
        },
    )
    days = days_field(settings.TENANT_OWNER_DAYS)
    sure = forms.BooleanField(
        label=_("I understand that tenant owners can manage the whole Azure account."),
        error_messages={"required": _("Tick the box to give tenant owner permissions.")},
    )

    def __init__(self, data=None, *, membership):
        super().__init__(data)
        served = Customer.objects.visible_to(membership).active().exclude(reseller=None)
        self.customers = {}
        for customer in served.select_related("reseller").order_by("reseller__name", "pk"):
            self.customers.setdefault(encode("R", customer.reseller_id), customer)
        self.people = self._people()
        self.fields["who"].choices = [("", _("Select")), *map(self._group, self.customers)]

    def clean_who(self):
        reference, _colon, person = self.cleaned_data["who"].partition(SEPARATOR)
        if person and person not in self.people:
            raise ValidationError(_now("This person has left. Select another."), code="left")
        return self.customers[reference], self.people.get(person)

    @property
    def given(self):
        """What ``services.give_ownership`` takes besides who acts."""
        customer, person = self.cleaned_data["who"]
        days = self.cleaned_data["days"]
        return {"customer": customer, "partner": customer.reseller, "person": person, "days": days}

    def _people(self):
        """Those of the resellers' people who may manage customers, by id as text."""
        roles = roles_with(Kind.RESELLER, Permission.CHANGE_SUBSCRIPTION)
        companies = [customer.reseller_id for customer in self.customers.values()]
        places = Membership.objects.filter(organization__in=companies).active()
        self.places = list(
            places.holding(*roles).select_related("user").order_by("user__last_name", "pk")
        )
        return {str(place.user_id): place.user for place in self.places}

    def _group(self, reference):
        reseller = self.customers[reference].reseller
        team = (reference, _now("%(name)s: the whole team") % {"name": reseller.name})
        people = (place for place in self.places if place.organization_id == reseller.pk)
        each = [(f"{reference}{SEPARATOR}{place.user_id}", str(place.user)) for place in people]
        return reseller.name, [team, *each]
