from customers.models.accounts import AdminAccount, DelegatedAdmin
from customers.models.customers import SUBSCRIPTIONS_OVER, Customer
from customers.models.requests import RelationshipRequest
from customers.models.tenants import TenantQuerySet, TenantRow
from customers.models.uploads import UserUpload, UserUploadRow
from customers.models.users import CustomerUser

__all__ = [
    "SUBSCRIPTIONS_OVER",
    "AdminAccount",
    "Customer",
    "CustomerUser",
    "DelegatedAdmin",
    "RelationshipRequest",
    "TenantQuerySet",
    "TenantRow",
    "UserUpload",
    "UserUploadRow",
]
