import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.columns import CheckColumn

NUMBER = {"th": {"class": "num"}}
ACTIONS = {"th": {"class": "row-actions"}}


class ResellerTable(tables.Table):
    check = CheckColumn(orderable=False, attrs={"th": {"class": "row-check"}})
    reseller = tables.Column(_("Reseller"), order_by="reseller_name_key")
    mpn_id = tables.Column(_("MPN ID"), order_by="location__mpn_id")
    location = tables.Column(_("Location"), order_by="location__country")
    status = tables.Column(_("Status"), orderable=False)
    customers = tables.Column(_("Customers"), orderable=False, attrs=NUMBER)
    subscriptions = tables.Column(_("Subscriptions"), orderable=False, attrs=NUMBER)
    actions = tables.Column(_("Actions"), orderable=False, attrs=ACTIONS)

    class Meta:
        order_by = "reseller"


class RequestTable(tables.Table):
    recipient = tables.Column(_("Recipient"), order_by="recipient")
    status = tables.Column(_("Status"), orderable=False)
    created_by = tables.Column(_("By"), orderable=False)
    expires = tables.Column(_("Expires"), order_by="expires_at")
    delivery = tables.Column(_("Email"), orderable=False)
    actions = tables.Column(_("Actions"), orderable=False, attrs=ACTIONS)

    class Meta:
        order_by = "expires"


class AnsweredRequestTable(RequestTable):
    """Requests that may be long over: the newest first."""

    class Meta:
        order_by = "-expires"


class BatchRowTable(tables.Table):
    recipient = tables.Column(_("Recipient"), order_by="recipient")
    line = tables.Column(_("Line"), order_by="line", attrs=NUMBER)
    verdict = tables.Column(_("Verdict"), orderable=False)
    language = tables.Column(_("Language"), orderable=False)
    note = tables.Column(_("Note"), orderable=False)
    request = tables.Column(_("Request"), orderable=False)

    class Meta:
        order_by = "line"


class EndedTable(tables.Table):
    reseller = tables.Column(_("Reseller"), order_by="reseller_name_key")
    mpn_id = tables.Column(_("MPN ID"), orderable=False)
    started = tables.Column(_("Partner since"), order_by="started_at")
    ended = tables.Column(_("Ended"), order_by="removed_at")
    ended_by = tables.Column(_("Ended by"), orderable=False)
    reason = tables.Column(_("Reason"), orderable=False)
    customers = tables.Column(_("Customers"), orderable=False, attrs=NUMBER)
    actions = tables.Column(_("Actions"), orderable=False, attrs=ACTIONS)

    class Meta:
        order_by = "-ended"


class ProviderTable(tables.Table):
    provider = tables.Column(_("Provider"), order_by="provider__name")
    since = tables.Column(_("Since"), order_by="started_at")
    customers = tables.Column(_("Shared customers"), orderable=False, attrs=NUMBER)
    agreements = tables.Column(_("Agreements"), orderable=False)
    actions = tables.Column(_("Actions"), orderable=False, attrs=ACTIONS)

    class Meta:
        order_by = "provider"


class EndedProviderTable(tables.Table):
    provider = tables.Column(_("Provider"), order_by="provider__name")
    since = tables.Column(_("Since"), order_by="started_at")
    ended = tables.Column(_("Ended"), order_by="removed_at")
    by = tables.Column(_("Ended by"), orderable=False)
    customers = tables.Column(_("Shared customers"), orderable=False, attrs=NUMBER)

    class Meta:
        order_by = "-ended"


class DirectoryTable(tables.Table):
    name = tables.Column(_("Provider"), order_by="name_key")
    city = tables.Column(_("City"), orderable=False)
    country = tables.Column(_("Country/region"), orderable=False)
    languages = tables.Column(_("Languages"), orderable=False)

    class Meta:
        order_by = "name"
