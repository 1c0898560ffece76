from customers.models.accounts import AdminAccount, DelegatedAdmin
from customers.models.batches import MoveBatch, MoveBatchRow
from customers.models.customers import SUBSCRIPTIONS_OVER, Customer
from customers.models.requests import RelationshipRequest
from customers.models.tags import CustomerTag
from customers.models.tenants import TenantQuerySet, TenantRow

__all__ = [
    "SUBSCRIPTIONS_OVER",
    "AdminAccount",
    "Customer",
    "CustomerTag",
    "DelegatedAdmin",
    "MoveBatch",
    "MoveBatchRow",
    "RelationshipRequest",
    "TenantQuerySet",
    "TenantRow",
]
