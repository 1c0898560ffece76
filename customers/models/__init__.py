from customers.models.accounts import AdminAccount
from customers.models.customers import SUBSCRIPTIONS_OVER, Customer
from customers.models.grants import AdminRenewal, DelegatedAdmin, TenantOwner
from customers.models.requests import RelationshipRequest
from customers.models.tenants import TenantQuerySet, TenantRow

__all__ = [
    "SUBSCRIPTIONS_OVER",
    "AdminAccount",
    "AdminRenewal",
    "Customer",
    "DelegatedAdmin",
    "RelationshipRequest",
    "TenantOwner",
    "TenantQuerySet",
    "TenantRow",
]
