"""What the sign-in package keeps of people: operators see that it is there, never what lets in.

As the package brings these pages, whoever may change rows there could give a superuser's account a
second factor of their own, and declare addresses confirmed that nobody has confirmed.
"""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.accounts.admin_confirmation import Confirmed
from portal.accounts.keeping_operators import may_touch
from portal.operators import ReadOnlyAdmin

admin.site.unregister([EmailAddress, Authenticator, UserSession])

# The package names these in English alone. Set here, its migrations know nothing of it.
NAMES = {
    Authenticator: (_("second factor"), _("second factors")),
    UserSession: (_("session"), _("sessions")),
}
for model, names in NAMES.items():
    model._meta.verbose_name, model._meta.verbose_name_plural = names


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["verified"]
    list_select_related = ["user"]
    search_fields = ["^email", "user__username"]


@admin.register(Authenticator)
class AuthenticatorAdmin(Confirmed, ReadOnlyAdmin):
    """A lost one can be taken away: of operators by superusers alone."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    fields = list_display
    actions = None

    def has_delete_permission(self, request, obj=None):
        may = request.user.has_perm("mfa.delete_authenticator")
        return may and (obj is None or may_touch(request.user, obj.user))


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    list_display = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    fields = list_display
