"""Whose users a page is about, and whether the visitor may look after them."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from customers.delegated import may_administer
from customers.models import Customer, CustomerUser
from portal.accounts.models import Membership, Organization
from portal.accounts.roles import Kind
from portal.links import reverse


class NotAdministered(PermissionDenied):
    """The customer has not given the partner delegated admin privileges, or took them back."""

    @property
    def reason(self):
        return _("The customer does not give you administrator access, or has taken it back.")


class Place(NamedTuple):
    """Users of one organization, seen by itself (``customer`` is None) or by a partner."""

    membership: Membership
    organization: Organization
    customer: Customer | None

    @property
    def is_own(self):
        return self.customer is None

    def url(self, app, name, *args, **query):
        """The address of a page about these users: the same page has one for either side."""
        name, first = (f"own_{name}", ()) if self.is_own else (name, (self.customer.pk,))
        organization = self.membership.organization
        return reverse(f"{app}:{name}", *first, *args, organization=organization, **query)

    @property
    def users_url(self):
        """Where the list is; pages about one user and about files lie below it."""
        return self.url("subscriptions", "user_list")

    @property
    def people(self):
        """The organization's users as this membership may see them."""
        people = CustomerUser.objects.visible_to(self.membership)
        return people.filter(organization=self.organization.pk)


def users_page(acting_for, organization, **query):
    """The path of the list of ``organization``'s users, for itself or for one of its partners.

    Empty where the partner has the customer no more. Asked as ``acting_for``.
    """
    if acting_for == organization:
        return reverse("subscriptions:own_user_list", organization=acting_for, **query)
    found = Customer.objects.filter(organization=organization).order_by("pk").last()
    return found and reverse("subscriptions:user_list", found.pk, organization=acting_for, **query)


def place_of(membership, customer_pk=None, *, lenient=False):
    """The Place behind an address; 404 where the other side's address is asked.

    Raises NotAdministered without the customer's grant, unless ``lenient``.
    """
    is_customer = membership.organization.kind == Kind.CUSTOMER
    if is_customer != (customer_pk is None):
        raise Http404
    if is_customer:
        return Place(membership, membership.organization, None)
    customers = Customer.objects.visible_to(membership).with_parties()
    customer = get_object_or_404(customers.select_related("organization"), pk=customer_pk)
    if not (lenient or may_administer(membership, customer)):
        raise NotAdministered
    return Place(membership, customer.organization, customer)
