"""Search and filter of *Customers*: the whole state of the list is in its address."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from customers.models import SUBSCRIPTIONS_OVER, Customer, CustomerTag, DelegatedAdmin, TenantOwner
from customers.resellers import NO_RESELLER, partners_of
from partners.models import region_of
from portal.accounts.roles import Kind
from portal.countries import country_choices
from portal.forms import PlainForm
from portal.lists import PAGE_SIZE, PAGE_SIZES
from portal.pickers import ManyField
from portal.queries import PASSING, canonical
from portal.references import decode_or_none
from portal.text import sort_key

ANY_RESELLER = "any"
MINE, EVERYTHING = "mine", "all"
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LAST_YEAR = 9000  # dates beyond it have no next day in every time zone
PROVIDERS = ("reseller", "owner", "tag", "view")  # what only the provider filters by
SHOWN = 40  # characters of an ignored value


class CustomerFilter(PlainForm):
    """What can't be understood of an address does not filter, and is told (``ignored``)."""

    q = forms.CharField(
        label=_("Company, domain, customer ID or email"),
        required=False,
        max_length=100,
        widget=forms.SearchInput,
    )
    reseller = ManyField(label=_("Filter by indirect reseller"), required=False)
    provider = forms.ChoiceField(label=_("Filter by indirect provider"), required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Active")), ("removed", _("Removed")), ("all", _("All"))],
    )
    agreement = forms.ChoiceField(
        label=_("Customer agreement"),
        required=False,
        choices=[("", _("Any")), ("accepted", _("Accepted")), ("asked", _("Missing"))],
    )
    support = forms.ChoiceField(
        label=_("Designated support contact"),
        required=False,
        choices=[
            ("", _("Anybody")),
            ("reseller", _("An indirect reseller")),
            ("provider", _("The provider")),
            ("none", _("Nobody: no subscription")),
        ],
    )
    admin = forms.ChoiceField(
        label=_("Reseller's admin privileges"),
        required=False,
        choices=[("", _("Any")), ("granted", _("Granted")), ("none", _("None"))],
    )
    owner = forms.ChoiceField(
        label=_("Reseller is tenant owner"),
        required=False,
        choices=[("", _("Any")), ("given", _("Yes"))],
    )
    country = forms.ChoiceField(label=_("Country/region"), required=False)
    added_from = forms.DateField(label=_("Added from"), required=False, widget=DATE)
    added_to = forms.DateField(label=_("Added to"), required=False, widget=DATE)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=CustomerTag.LONGEST)
    view = forms.ChoiceField(
        required=False, choices=[(MINE, ""), (EVERYTHING, "")], widget=forms.HiddenInput
    )
    # These are behind "More filters".
    more = (
        "status",
        "agreement",
        "support",
        "admin",
        "owner",
        "country",
        "added_from",
        "added_to",
        "tag",
    )

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.membership = membership
        self.partners = partners_of(membership)
        names = [(reference, partner.name) for reference, partner in self.partners.items()]
        country = membership.organization.country
        self.fields["country"].choices = [("", _("Any")), *country_choices(region_of(country))]
        if membership.organization.kind == Kind.PROVIDER:
            del self.fields["provider"]
            self._offer_resellers(names)
        else:
            for name in PROVIDERS:
                del self.fields[name]
            self.fields["admin"].label = _("Your admin privileges")
            self.fields["provider"].choices = [("", _("All providers")), *names]

    def _offer_resellers(self, names):
        first = [
            (ANY_RESELLER, _("Any indirect reseller")),
            (NO_RESELLER, _("No indirect reseller")),
        ]
        self.fields["reseller"].choices = [*first, *names]
        self.fields["reseller"].widget.nothing = _("All resellers")
        # One reseller's privileges wherever they are, where the address asks for them.
        if named := self.partners.get(self.data.get("admin")):
            words = format_lazy(_("Granted to {name}"), name=named.name)
            self.fields["admin"].choices += [(self.data["admin"], words)]

    def clean_added_from(self):
        return _near(self.cleaned_data["added_from"])

    def clean_added_to(self):
        return _near(self.cleaned_data["added_to"])

    @property
    def found(self):
        """What can be understood of the filters; the rest does not filter."""
        self.is_valid()
        return self.cleaned_data

    @property
    def canonical(self):
        """The query of the list's address in the one spelling that people share."""
        order = (*self.fields, "sort", "per", *PASSING)
        several = ("reseller", "open")
        return canonical(self.data, order=order, several=several, is_default=_is_default)

    def ignored(self, table):
        """``name=value`` of what is in the address and can't be understood.

        ``table`` is the list's django-tables2 class.
        """
        self.is_valid()
        wrong = [(name, text) for name in self.errors for text in self.data.getlist(name)]
        if "reseller" in self.fields:
            wrong += [("reseller", text) for text in self.fields["reseller"].unknown if text]
        sort, per = self.data.get("sort", ""), self.data.get("per", "")
        column = table.base_columns.get(sort.removeprefix("-"))
        if sort and not (column and column.orderable is not False):
            wrong.append(("sort", sort))
        if per and per not in map(str, PAGE_SIZES):
            wrong.append(("per", per))
        return [f"{name}={_short(text)}" for name, text in wrong]

    @property
    def more_is_used(self):
        """Whether something behind "More filters" filters, or is wrong."""
        return any(self.found.get(name) or name in self.errors for name in self.more)

    @property
    def words(self):
        """What was searched, word by word."""
        return (self.found.get("q") or "").split()

    @property
    def customer_id(self):
        """The id of the customer whose reference was typed, or None."""
        return decode_or_none("C", self.found.get("q") or "")

    @property
    def only_partner(self):
        """The partner the list is filtered by, if it is filtered by nothing else."""
        chosen = {name: value for name, value in self.found.items() if value and name != "view"}
        if len(chosen) != 1:
            return None
        one = chosen.get("reseller", [])
        return self.partners.get(chosen.get("provider") or (one[0] if len(one) == 1 else ""))

    def apply(self, customers):
        """Customers that match, active ones unless the status says something else."""
        for name, value in self.found.items():
            if value and name != "status":
                customers = getattr(self, f"by_{name}")(customers, value)
        return self.by_status(customers, self.found.get("status"))

    def by_q(self, customers, text):
        return customers.matching(text)

    def by_reseller(self, customers, chosen):
        partners = [self.partners[name].pk for name in chosen if name in self.partners]
        found = Q(reseller__in=partners)
        if NO_RESELLER in chosen:
            found |= Q(reseller__isnull=True)
        if ANY_RESELLER in chosen:
            found |= Q(reseller__isnull=False)
        return customers.filter(found)

    def by_provider(self, customers, reference):
        return customers.filter(provider=self.partners[reference].pk)

    def by_status(self, customers, state):
        states = {"all": list(Customer.Status), "removed": [Customer.Status.REMOVED]}
        return customers.filter(status__in=states.get(state, [Customer.Status.ACTIVE]))

    def by_agreement(self, customers, state):
        return customers.filter(agreement=state)

    def by_support(self, customers, who):
        """By their subscriptions that are not over; without one nobody is support contact."""
        model = Customer.subscriptions.rel.related_model
        current = model.objects.visible_to(self.membership).filter(customer=OuterRef("pk"))
        current = current.exclude(status__in=SUBSCRIPTIONS_OVER)
        if who == "none":
            return customers.filter(~Exists(current))
        return customers.filter(Exists(current.filter(support_contact__isnull=who == "provider")))

    def by_admin(self, customers, whose):
        """Whether the customer's reseller, or the partner named, has admin privileges there."""
        named = self.partners.get(whose)
        has = self._has(DelegatedAdmin, named.pk if named else OuterRef("reseller"))
        return customers.filter(~has if whose == "none" else has)

    def by_owner(self, customers, _given):
        return customers.filter(self._has(TenantOwner, OuterRef("reseller")))

    def _has(self, model, partner):
        """A condition: the customer granted ``partner`` such a right, which is in force."""
        granted = model.objects.visible_to(self.membership).granted()
        return Exists(granted.filter(customer=OuterRef("pk"), partner=partner))

    def by_country(self, customers, country):
        return customers.filter(country=country)

    def by_added_from(self, customers, day):
        return customers.filter(created_at__gte=_midnight(day))

    def by_added_to(self, customers, day):
        return customers.filter(created_at__lt=_midnight(day + timedelta(days=1)))

    def by_tag(self, customers, text):
        tags = CustomerTag.objects.visible_to(self.membership).filter(key=sort_key(text))
        return customers.filter(Exists(tags.filter(customer=OuterRef("pk"))))

    def by_view(self, customers, view):
        return customers.filter(created_by=self.membership.user_id) if view == MINE else customers


def _is_default(name, value):
    """Whether the list is the same without this."""
    return (name, value) in {("per", str(PAGE_SIZE)), ("sort", "name")}


def _near(day):
    if day and day.year > LAST_YEAR:
        raise ValidationError(_("There is no such date."), code="far")
    return day


def _midnight(day):
    return make_aware(datetime.combine(day, time.min))


def _short(text):
    return f"{text[:SHOWN]}…" if len(text) > SHOWN else text
