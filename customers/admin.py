from django.contrib import admin
from django.db import models

from customers.models import (
    AccountInvitation,
    AdminAccount,
    AdminRenewal,
    Customer,
    CustomerTag,
    CustomerUser,
    DelegatedAdmin,
    MoveBatch,
    MoveBatchRow,
    RelationshipRequest,
    TenantOwner,
    UserUpload,
    UserUploadRow,
)
from portal.operators import PlainModelAdmin, ReadOnlyAdmin


class LifecycleAdmin(ReadOnlyAdmin):
    """Rows with a status, which moves only where the portal moves it."""

    list_filter = ["status"]


@admin.register(Customer)
class CustomerAdmin(PlainModelAdmin):
    """Operators correct an account; a status moves only where the portal moves it."""

    list_display = ["company_name", "reference", "domain", "provider", "reseller", "status"]
    list_filter = ["status", "created_at", "qualification", "agreement"]
    search_fields = ["^company_name", "domain__startswith", "^email"]
    list_select_related = ["provider", "reseller"]
    readonly_fields = [
        "reference",
        "status",
        "domain",
        "provider",
        "reseller",
        "organization",
        *("agreement_by", "agreement_for", "removed_by", "created_by", "created_at"),
    ]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AdminAccount)
class AdminAccountAdmin(LifecycleAdmin):
    """Everything here is written by provisioning and by the setup info; nothing by hand."""

    list_display = ["account_name", "customer", "provider", "status", "provisioned_at"]
    search_fields = ["account_name__startswith", "customer__company_name"]
    list_select_related = ["customer", "provider"]


@admin.register(DelegatedAdmin)
class DelegatedAdminAdmin(LifecycleAdmin):
    list_display = ["customer", "partner", "provider", "status", "granted_at", "ends_at"]
    search_fields = ["customer__company_name", "partner__name"]
    list_select_related = ["customer", "partner", "provider"]


@admin.register(AdminRenewal)
class AdminRenewalAdmin(LifecycleAdmin):
    list_display = ["grant", "partner", "provider", "status", "days", "asked_at"]
    search_fields = ["organization__name", "partner__name"]
    list_select_related = ["grant__partner", "grant__customer", "partner", "provider"]


@admin.register(TenantOwner)
class TenantOwnerAdmin(LifecycleAdmin):
    list_display = ["customer", "partner", "person", "status", "granted_at", "ends_at"]
    search_fields = ["customer__company_name", "partner__name"]
    list_select_related = ["customer", "partner", "person"]


@admin.register(RelationshipRequest)
class RelationshipRequestAdmin(LifecycleAdmin):
    list_display = ["reference", "provider", "reseller", "organization", "status", "expires_at"]
    list_filter = ["status", "route", "language", "wants_delegated_admin"]
    search_fields = ["recipient", "provider__name", "reseller__name", "organization__name"]
    list_select_related = ["provider", "reseller", "organization"]
    exclude = ["nonce", "token_hash", "submission"]


@admin.register(CustomerTag)
class CustomerTagAdmin(LifecycleAdmin):
    list_display = ["text", "customer", "provider", "added_by", "added_at"]
    list_filter = ["added_at"]
    search_fields = ["text", "customer__company_name"]
    list_select_related = ["customer", "provider", "added_by"]


@admin.register(MoveBatch)
class MoveBatchAdmin(LifecycleAdmin):
    list_display = ["reference", "provider", "reseller", "status", "created_by", "created_at"]
    search_fields = ["provider__name", "reseller__name"]
    list_select_related = ["provider", "reseller", "created_by"]


@admin.register(MoveBatchRow)
class MoveBatchRowAdmin(LifecycleAdmin):
    list_display = ["batch", "line", "customer", "former", "outcome", "reason"]
    list_filter = ["outcome"]
    search_fields = ["customer__company_name"]
    list_select_related = ["batch", "customer", "former"]


@admin.register(CustomerUser)
class CustomerUserAdmin(LifecycleAdmin):
    """Users are managed by the customer and its partners; sign-ins under Users."""

    list_display = ["display_name", "user", "organization", "status", "deactivated_at"]
    search_fields = ["^display_name", "user__username", "organization__name"]
    list_select_related = ["user", "organization"]


@admin.register(UserUpload)
class UserUploadAdmin(LifecycleAdmin):
    list_display = ["file_name", "organization", "acting_for", "status", "created_by", "created_at"]
    search_fields = ["file_name", "organization__name", "acting_for__name"]
    list_select_related = ["organization", "acting_for", "created_by"]


@admin.register(UserUploadRow)
class UserUploadRowAdmin(LifecycleAdmin):
    list_display = ["upload", "line", "account", "status", "reason"]
    search_fields = ["account", "display_name"]
    list_select_related = ["upload"]


@admin.register(AccountInvitation)
class AccountInvitationAdmin(LifecycleAdmin):
    list_display = ["person", "organization", "email", "status", "invited_by", "expires_at"]
    search_fields = ["email", "person__display_name", "organization__name"]
    list_select_related = ["person", "organization", "invited_by"]
    date_hierarchy = "created_at"
    exclude = ["nonce", "token_hash"]
