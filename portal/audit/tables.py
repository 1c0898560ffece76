import django_tables2 as tables
from django.utils.functional import lazy
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


def _date_time():
    return _now("Date-Time (%s)") % get_current_timezone_name()


class AuditEntryTable(tables.Table):
    at = tables.Column(_("Date-Time"), order_by="at")
    action = tables.Column(_("Action"), orderable=False)
    reference = tables.Column(_("Concerning"), orderable=False)
    actor = tables.Column(_("Partner user"), orderable=False)

    class Meta:
        order_by = "-at"


class LogTable(tables.Table):
    """Columns of the activity log: times are the reader's, and the header says whose."""

    at = tables.Column(lazy(_date_time, str)(), order_by="at")
    customer = tables.Column(_("Affected customer"), orderable=False)
    action = tables.Column(_("Action"), orderable=False)
    actor = tables.Column(_("Partner user"), orderable=False)
    details = tables.Column(
        _("Details"), orderable=False, empty_values=(), attrs={"th": {"class": "row-actions"}}
    )

    class Meta:
        order_by = "-at"


class OwnLogTable(LogTable):
    """For a customer: it is the affected one, and not everybody works for a partner."""

    customer = None
    actor = tables.Column(_("User"), orderable=False)

    class Meta:
        order_by = "-at"
