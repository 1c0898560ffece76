from django.contrib import admin, messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.operators import CONCERNS, QUEUES, Queue, ReadOnlyAdmin
from portal.outbox import services
from portal.outbox.models import Heartbeat, OutboxMessage


class StuckFilter(admin.SimpleListFilter):
    """Work that is promised by the portal to itself, and work whose worker has gone silent."""

    title = gettext_lazy("work")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [
            ("mail", gettext_lazy("Mails")),
            ("task", gettext_lazy("Other work")),
            ("silent", gettext_lazy("Running too long")),
            ("late", gettext_lazy("Due for more than five minutes")),
        ]

    def queryset(self, request, queryset):
        return queryset.in_trouble(self.value()) if self.value() else queryset


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Operators see what waits and what failed, and try it again.

    It is on the record of the organization it was promised for, with the operator's id, and in
    the operators' own history.
    """

    list_display = ["created_at", "subject", "recipient", "organization", "status", "attempts"]
    list_filter = ["status", StuckFilter]
    search_fields = ["^recipient", "key__startswith"]
    list_select_related = ["organization"]
    fields = [
        *("organization", "subject", "recipient", "status", "outcome", "last_error", "attempts"),
        *("created_at", "available_at", "handed_at", "done_at", "lease_until", "task", "key"),
        *("kwargs", "operator"),
    ]
    actions = ["try_again"]

    @admin.display(description=gettext_lazy("result"))
    def outcome(self, message):
        return message.outcome

    def has_retry_permission(self, request):
        return request.user.has_perm("outbox.change_outboxmessage")

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def try_again(self, request, chosen):
        """Those of the ``chosen`` messages that failed, or may have: the latter if confirmed."""
        doubtful = chosen.filter(status=OutboxMessage.Status.UNCERTAIN)
        if doubtful.exists() and "sure" not in request.POST:
            return self._confirm(request, chosen, doubtful)
        tried = [m for m in chosen.order_by("pk") if self._retry(m, request.user)]
        self.log_change_all(request, tried)
        left = chosen.count() - len(tried)
        if tried:
            words = _("Tried again: %(number)s.") % {"number": len(tried)}
            messages.success(request, words)
        if left:
            words = _("Left as they are, for they need no further attempt: %(number)s.")
            messages.warning(request, words % {"number": left})

    def log_change_all(self, request, tried):
        for message in tried:
            self.log_change(request, message, "Try again")

    def _retry(self, message, operator):
        return services.retry(message, actor=None, operator=operator.pk)

    def _confirm(self, request, chosen, doubtful):
        """It may arrive twice: how many may, and who would get them."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try again"),
            "opts": self.opts,
            "number": chosen.count(),
            "doubtful": doubtful.count(),
            "shown": doubtful.select_related("organization")[:20],
            "chosen": request.POST.getlist("_selected_action"),
        }
        return render(request, "admin/outbox/try_again.html", context)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["at"]


CONCERNS.append(
    (
        gettext_lazy("Deliveries that are still made"),
        lambda organization: OutboxMessage.objects.filter(
            organization=organization, status__in=["queued", "running"]
        ).count(),
    )
)


def _queue(words, todo, query, **conditions):
    """Deliveries in this state, which is also what ``query`` filters the list by."""
    kind = conditions.pop("kind", None)

    def rows():
        found = OutboxMessage.objects.filter(**conditions)
        return found.in_trouble(kind) if kind else found

    changelist = "admin:outbox_outboxmessage_changelist"
    return Queue(words, rows, changelist, query, "outbox.view_outboxmessage", todo)


AGAIN, LOOK = gettext_lazy("Try again"), gettext_lazy("Look at the worker")
MAIL, TASK = {"status": "failed", "kind": "mail"}, {"status": "failed", "kind": "task"}
FAILED, UNCERTAIN = "status__exact=failed", "status__exact=uncertain"
QUEUES += [
    _queue(gettext_lazy("Failed emails"), AGAIN, f"{FAILED}&work=mail", **MAIL),
    _queue(gettext_lazy("Failed work"), AGAIN, f"{FAILED}&work=task", **TASK),
    _queue(gettext_lazy("Uncertain emails"), AGAIN, UNCERTAIN, status="uncertain"),
    _queue(gettext_lazy("Running too long"), LOOK, "work=silent", kind="silent"),
    _queue(gettext_lazy("Due for more than five minutes"), LOOK, "work=late", kind="late"),
]
