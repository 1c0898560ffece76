"""Whom a customer's people ask for a new password: their own admins, then the partners."""

from customers.models import Customer
from portal.accounts.helpers import Helper, colleagues, helps
from portal.accounts.roles import Kind, Permission


@helps(Kind.CUSTOMER)
def admins_and_partners(place):
    """The Helpers of a member of a customer's organization."""
    own = Customer.objects.active().filter(organization=place.organization_id).order_by("pk")
    found = own.select_related("provider__partner", "reseller__partner")
    partners = [each for customer in found for each in (customer.reseller, customer.provider)]
    named = [_company(partner) for partner in partners if partner]
    return colleagues(place, Permission.RESET_USER_PASSWORD) + named


def _company(organization):
    profile = getattr(organization, "partner", None)
    return Helper(organization.name, getattr(profile, "email", ""), getattr(profile, "phone", ""))
