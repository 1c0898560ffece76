from customers.models.accounts import AdminAccount
from customers.models.batches import MoveBatch, MoveBatchRow
from customers.models.customers import SUBSCRIPTIONS_OVER, Customer
from customers.models.grants import AdminRenewal, DelegatedAdmin, TenantOwner
from customers.models.requests import RelationshipRequest
from customers.models.tags import CustomerTag
from customers.models.tenants import TenantQuerySet, TenantRow

__all__ = [
    "SUBSCRIPTIONS_OVER",
    "AdminAccount",
    "AdminRenewal",
    "Customer",
    "CustomerTag",
    "DelegatedAdmin",
    "MoveBatch",
    "MoveBatchRow",
    "RelationshipRequest",
    "TenantOwner",
    "TenantQuerySet",
    "TenantRow",
]
