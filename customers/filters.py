from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from customers.models import DelegatedAdmin, RelationshipRequest, TenantOwner
from customers.resellers import NO_RESELLER, partners_of
from customers.rows import decoded
from portal.accounts.roles import Kind
from portal.forms import PlainForm


class RelationshipFilter(PlainForm):
    """Search and filter of *Relationship requests*."""

    q = forms.CharField(
        label=_("Company or email address"),
        required=False,
        max_length=100,
        widget=forms.SearchInput,
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *RelationshipRequest.Status.choices],
    )

    def apply(self, requests):
        """The requests that match; what can't be understood does not filter."""
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            named = Q(organization__name__icontains=text) | Q(recipient__icontains=text)
            requests = requests.filter(named)
        if state := self.cleaned_data.get("status"):
            requests = requests.in_state(state)
        return requests


class CustomerFilter(PlainForm):
    """Search and filter of *Customers*, for a provider and for a reseller."""

    q = forms.CharField(
        label=_("Company, domain or customer ID"),
        required=False,
        max_length=100,
        widget=forms.SearchInput,
    )
    reseller = forms.ChoiceField(label=_("Filter by indirect reseller"), required=False)
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
    provider = forms.ChoiceField(label=_("Filter by indirect provider"), required=False)

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.membership = membership
        self.partners = partners_of(membership)
        names = [(reference, partner.name) for reference, partner in self.partners.items()]
        if membership.organization.kind == Kind.PROVIDER:
            del self.fields["provider"]
            no_reseller = (NO_RESELLER, _("No indirect reseller"))
            self.fields["reseller"].choices = [("", _("All resellers")), *names, no_reseller]
            self._offer_named_admin()
        else:
            del self.fields["reseller"], self.fields["owner"]
            self.fields["admin"].label = _("Your admin privileges")
            self.fields["provider"].choices = [("", _("All providers")), *names]

    def _offer_named_admin(self):
        """One reseller's privileges wherever they are, where the address asks for them."""
        if named := self.partners.get(self.data.get("admin")):
            words = format_lazy(_("Granted to {name}"), name=named.name)
            self.fields["admin"].choices = [
                *self.fields["admin"].choices,
                (self.data["admin"], words),
            ]

    @property
    def found(self):
        """What can be understood of the filters; the rest does not filter."""
        self.is_valid()
        return self.cleaned_data

    @property
    def customer_id(self):
        """The id of the customer whose reference was typed, or None."""
        return decoded(self.found.get("q") or "")

    @property
    def only_partner(self):
        """The partner the list is filtered by, if it is filtered by nothing else."""
        partner = self.partners.get(self.found.get("reseller") or self.found.get("provider"))
        others = ("q", "admin", "owner")
        return None if any(map(self.found.get, others)) else partner

    def apply(self, customers):
        """Customers that are still customers and match; what can't be understood is left out."""
        customers = customers.active()
        if text := self.found.get("q"):
            customers = customers.matching(text)
        if chosen := self.found.get("reseller"):
            partner = self.partners.get(chosen)
            customers = customers.filter(reseller=partner and partner.pk)
        if chosen := self.found.get("admin"):
            granted = self._administered(chosen)
            customers = customers.filter(~granted if chosen == "none" else granted)
        if self.found.get("owner"):
            customers = customers.filter(self._has(TenantOwner, OuterRef("reseller")))
        if chosen := self.found.get("provider"):
            customers = customers.filter(provider=self.partners[chosen].pk)
        return customers

    def _administered(self, whose):
        """A condition: the customer's reseller, or the partner named, has admin privileges."""
        named = self.partners.get(whose)
        return self._has(DelegatedAdmin, named.pk if named else OuterRef("reseller"))

    def _has(self, model, partner):
        """A condition: the customer granted ``partner`` such a right, which is in force."""
        granted = model.objects.visible_to(self.membership).granted()
        return Exists(granted.filter(customer=OuterRef("pk"), partner=partner))
