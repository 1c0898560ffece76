from django.contrib import admin

from portal.outbox.models import Heartbeat, OutboxMessage


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Operators see what waits and what failed; staff of the organization try again."""

    list_display = ["created_at", "subject", "organization", "status", "attempts", "last_error"]
    list_filter = ["status", "task"]
    search_fields = ["subject", "organization__name", "key"]
    list_select_related = ["organization"]
    date_hierarchy = "created_at"
    exclude = ["lease"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["at"]
