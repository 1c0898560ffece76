from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from portal.accounts import sign_in_admin  # noqa: F401 its pages are registered
from portal.accounts.admin_confirmation import Confirmed
from portal.accounts.admin_forms import (
    KeepsGlobalAdmins,
    MembershipForm,
    MembershipFormSet,
    UserAddForm,
    UserForm,
)
from portal.accounts.admin_records import RecordsPeople, RecordsPlaces
from portal.accounts.decorators import reauthenticated
from portal.accounts.keeping_operators import KeepsOperators
from portal.accounts.models import Membership, Organization, Tries, User
from portal.accounts.services import end_sessions
from portal.accounts.suspending import Suspending
from portal.operators import QUEUES, KnownValues, PlainModelAdmin, Queue, ReadOnlyAdmin
from portal.parking import ParkingMixin
from portal.swift import Swift


class MembershipInline(admin.TabularInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    extra = 0
    autocomplete_fields = ["organization"]


@admin.register(User)
@method_decorator(reauthenticated, name="user_change_password")
class UserAdmin(
    *(Confirmed, KeepsGlobalAdmins, KeepsOperators, RecordsPeople, Swift, KnownValues),
    DjangoUserAdmin,
):
    """People; a password can be set, never seen."""

    search_fields = ["^username", "^email", "^last_name"]

    list_display = ["username", "first_name", "last_name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "memberships__organization__kind"]
    readonly_fields = ["last_login", "date_joined", "must_change_password"]
    inlines = [MembershipInline]
    form, add_form = UserForm, UserAddForm
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Personal info"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Preferences"), {"fields": ["language", "time_zone"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined", "must_change_password"]}),
    ]

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is Membership and (formset.changed_objects or formset.deleted_objects):
            end_sessions(form.instance)


@admin.register(Organization)
class OrganizationAdmin(Suspending, PlainModelAdmin):
    list_display = ["name", "kind", "country", "domain", "created_at", "suspended_at"]
    list_filter = ["kind", ("suspended_at", admin.EmptyFieldListFilter)]
    search_fields = ["^name", "slug__startswith", "domain__startswith"]
    readonly_fields = ["created_at", "suspended_at", "suspension_reason", "suspended_by"]

    def get_readonly_fields(self, request, obj=None):
        """What others rely on never changes once it exists."""
        settled = ["kind", "slug", "domain"] if obj else []
        return [*self.readonly_fields, *settled]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Membership)
class MembershipAdmin(Confirmed, KeepsGlobalAdmins, RecordsPlaces, Swift, admin.ModelAdmin):
    form = MembershipForm
    list_display = ["user", "organization", "role_list", "deactivated_at"]
    list_filter = ["organization__kind"]
    search_fields = ["user__username", "organization__name"]
    autocomplete_fields = ["user", "organization"]
    list_select_related = ["user", "organization"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            end_sessions(obj.user)

    @admin.display(description=_("roles"))
    def role_list(self, membership):
        return ", ".join(str(name) for name in membership.role_names)


class GroupForm(ParkingMixin, forms.ModelForm):
    pass


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(Confirmed, DjangoGroupAdmin):
    form = GroupForm


@admin.register(Tries)
class TriesAdmin(ReadOnlyAdmin):
    """Who is guessing can't be told from here, but that somebody is."""

    list_display = ["key", "count", "ends_at"]
    list_filter = ["ends_at"]
    search_fields = ["^key"]


QUEUES.append(
    Queue(
        _("Suspended organizations"),
        lambda: Organization.objects.filter(suspended_at__isnull=False),
        "admin:accounts_organization_changelist",
        "suspended_at__isempty=0",
        "accounts.view_organization",
        _("Lift"),
    )
)
