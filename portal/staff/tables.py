import django_tables2 as tables
from django.utils.translation import gettext_lazy as _


class InvitationTable(tables.Table):
    name = tables.Column(_("Name"), orderable=False)
    roles = tables.Column(_("Roles"), orderable=False)
    sent = tables.Column(_("Sent"), order_by="sent_at")
    expires = tables.Column(_("Expires"), order_by="expires_at")
    actions = tables.Column(_("Actions"), orderable=False, attrs={"th": {"class": "row-actions"}})

    class Meta:
        order_by = "-sent"
