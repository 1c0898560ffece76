from customers.models.accounts import AdminAccount, DelegatedAdmin
from customers.models.customers import SUBSCRIPTIONS_OVER, Customer
from customers.models.requests import RelationshipRequest
from customers.models.tenants import TenantQuerySet, TenantRow

__all__ = [
    "SUBSCRIPTIONS_OVER",
    "AdminAccount",
    "Customer",
    "DelegatedAdmin",
    "RelationshipRequest",
    "TenantQuerySet",
    "TenantRow",
]
