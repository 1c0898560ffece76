from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.operators import ReadOnlyAdmin
from portal.outbox import services
from portal.outbox.models import Heartbeat, OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Operators see what waits and what failed, and try again what belongs to nobody.

    An organization's own staff try its deliveries again, who know what became of them.
    """

    list_display = ["created_at", "subject", "organization", "status", "attempts", "last_error"]
    list_filter = ["status", "task"]
    search_fields = ["subject", "organization__name", "key"]
    list_select_related = ["organization"]
    date_hierarchy = "created_at"
    exclude = ["lease"]
    actions = ["try_again"]

    def has_retry_permission(self, request):
        return request.user.has_perm("outbox.change_outboxmessage")

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def try_again(self, request, chosen):
        """Those of the ``chosen`` messages that have no organization and failed or may have."""
        tried = [
            message
            for message in chosen.filter(organization=None).order_by("pk")
            if services.retry(message, actor=None)
        ]
        for message in tried:
            self.log_change(request, message, "Try again")
        left = chosen.count() - len(tried)
        if tried:
            words = _("Tried again: %(number)s.") % {"number": len(tried)}
            messages.success(request, words)
        if left:
            words = _(
                "Left as they are: %(number)s. They need no further attempt, "
                "or the organization's own staff try them again under Deliveries."
            )
            messages.warning(request, words % {"number": left})


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["at"]
