import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OutboxMessageTable(tables.Table):
    subject = tables.Column(_("Delivery"), orderable=False)
    recipient = tables.Column(pgettext_lazy("recipient", "To"), orderable=False)
    status = tables.Column(_("Status"), orderable=False)
    created_at = tables.Column(_("Promised"), order_by="created_at")
    done_at = tables.Column(_("Done"), orderable=False)
    actions = tables.Column(
        _("Actions"), orderable=False, empty_values=(), attrs={"th": {"class": "row-actions"}}
    )

    class Meta:
        order_by = "-created_at"
