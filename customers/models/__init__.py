from customers.models.accounts import AdminAccount
from customers.models.batches import MoveBatch, MoveBatchRow
from customers.models.customers import SUBSCRIPTIONS_OVER, Customer
from customers.models.grants import AdminRenewal, DelegatedAdmin, TenantOwner
from customers.models.invitations import AccountInvitation, add_invitations
from customers.models.requests import RelationshipRequest
from customers.models.tags import CustomerTag, ProvidersQuerySet
from customers.models.tenants import TenantQuerySet, TenantRow
from customers.models.uploads import UserUpload, UserUploadRow
from customers.models.users import CustomerUser

__all__ = [
    "SUBSCRIPTIONS_OVER",
    "AccountInvitation",
    "AdminAccount",
    "AdminRenewal",
    "Customer",
    "CustomerTag",
    "CustomerUser",
    "DelegatedAdmin",
    "MoveBatch",
    "MoveBatchRow",
    "ProvidersQuerySet",
    "RelationshipRequest",
    "TenantOwner",
    "TenantQuerySet",
    "TenantRow",
    "UserUpload",
    "UserUploadRow",
    "add_invitations",
]
