import django_tables2 as tables
from django.utils.translation import gettext_lazy as _


class AuditEntryTable(tables.Table):
    at = tables.Column(_("Date-Time"), order_by="at")
    action = tables.Column(_("Action"), orderable=False)
    reference = tables.Column(_("Concerning"), orderable=False)
    actor = tables.Column(_("Partner user"), orderable=False)

    class Meta:
        order_by = "-at"
