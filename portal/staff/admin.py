from django.contrib import admin

from portal.operators import ReadOnlyAdmin
from portal.staff.models import Handout, UserInvitation


@admin.register(UserInvitation)
class UserInvitationAdmin(ReadOnlyAdmin):
    list_display = ["reference", "organization", "email", "status", "invited_by", "expires_at"]
    list_filter = ["status", "organization__kind"]
    search_fields = ["email", "last_name", "organization__name"]
    list_select_related = ["organization", "invited_by"]
    date_hierarchy = "created_at"
    exclude = ["nonce", "token_hash"]


@admin.register(Handout)
class HandoutAdmin(ReadOnlyAdmin):
    """Temporary passwords that wait to be shown; there is nothing to see of them."""

    list_display = ["membership", "organization", "shown_to", "created_at"]
    search_fields = ["membership__user__username", "organization__name"]
    list_select_related = ["membership__user", "membership__organization", "shown_to"]
