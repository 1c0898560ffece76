"""The tabs of *Indirect resellers*: which rows each holds, how they are filtered and drawn."""

from uuid import uuid4

from django.db.models import CharField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.figures import customers_between, subscriptions_between
from partners.forms.filters import EndedFilter, RequestFilter, ResellerFilter
from partners.models import Partnership, PartnershipRequest
from partners.tables import AnsweredRequestTable, EndedTable, RequestTable, ResellerTable
from portal.accounts.models import Organization
from portal.audit.models import AuditEntry
from portal.lists import COUNT_LIMIT, CappedCount, Page
from portal.outbox.models import OutboxMessage

ENDED_COLUMNS = (
    "status",
    "started_at",
    "removed_at",
    "removed_for",
    "removal_reason",
    "removed_by__first_name",
    "removed_by__last_name",
    "removed_by__username",
    "provider__name",
    "reseller__name",
    "location__mpn_id",
)


class Tab:
    """One tab as ``membership`` sees it, filtered as the query ``data`` says."""

    name = ""
    bar_template = ""  # what stands above the rows besides their number
    series = "N"  # partnerships have no reference of their own; this letter serves page links

    def __init__(self, membership, data):
        self.membership = membership
        self.filters = self.make_filters(data)

    def make_filters(self, data):
        return self.filter_class(data)

    @property
    def text(self):
        """What was typed into the search."""
        return self.filters.cleaned_data.get("q", "")

    def rows(self):
        """What matches the filters, with all that a row shows."""
        return self.with_columns(self.filters.apply(self.everything()))

    def matching(self, text):
        """Whatever holds ``text``, in any state."""
        return self.filters.by_q(self.everything(), text)

    def complete(self, rows):
        """Add to the rows of a page what needs a query of its own."""


class ActiveTab(Tab):
    name = "active"
    label, caption = _("Active"), _("Indirect resellers")
    filter_class, table = ResellerFilter, ResellerTable
    row_template = "partners/reseller_rows.html"
    bar_template = "partners/reseller_bar.html"
    empty = {
        "heading": _("No indirect resellers yet"),
        "text": _(
            "Have the reseller's email address at hand, then send a partnership request. "
            "After they accept, they appear here and you can add customers on their behalf, "
            "submit orders, connect them to subscriptions and make them support contact."
        ),
        "filtered": _("No reseller matches these filters"),
    }

    def make_filters(self, data):
        return ResellerFilter(data, country=self.membership.organization.country)

    def everything(self):
        return Partnership.objects.visible_to(self.membership).active()

    listed = everything

    def with_columns(self, partnerships):
        subscriptions = subscriptions_between("provider", "reseller")
        return partnerships.list_of_resellers().annotate(subscription_count=subscriptions)

    @staticmethod
    def number(count):
        return ngettext("%(number)d reseller", "%(number)d resellers", count)


class PendingTab(Tab):
    name, series = "pending", "P"
    label = caption = _("Pending requests")
    row_template = "partners/request_rows.html"
    empty = {
        "heading": _("No pending requests"),
        "filtered": _("No request matches these filters"),
    }

    def make_filters(self, data):
        return RequestFilter(data, membership=self.membership)

    @property
    def table(self):
        chosen = self.filters.is_valid() and self.filters.cleaned_data["status"]
        return AnsweredRequestTable if chosen else RequestTable

    def everything(self):
        return PartnershipRequest.objects.visible_to(self.membership)

    def listed(self):
        """What stands here unless somebody asks for more."""
        return self.everything().pending()

    def with_columns(self, requests):
        return requests.for_list()

    def complete(self, rows):
        """The delivery of each request's mail, if the portal was asked to send one."""
        keys = [request.delivery_key for request in rows]
        deliveries = OutboxMessage.objects.visible_to(self.membership).filter(key__in=keys)
        by_key = {delivery.key: delivery for delivery in deliveries}
        for request in rows:
            request.delivery = by_key.get(request.delivery_key)

    @staticmethod
    def number(count):
        return ngettext("%(number)d request", "%(number)d requests", count)


class EndedTab(Tab):
    name = "ended"
    label, caption = _("Ended"), _("Ended partnerships")
    filter_class, table = EndedFilter, EndedTable
    row_template = "partners/ended_rows.html"
    empty = {
        "heading": _("No partnership has ended"),
        "filtered": _("No ended partnership matches these filters"),
    }

    def everything(self):
        return Partnership.objects.visible_to(self.membership).removed()

    listed = everything

    def with_columns(self, partnerships):
        """With who ended it and why, and how many customers there were at that time."""
        again = Partnership.objects.visible_to(self.membership).active()
        return (
            partnerships.select_related("provider", "reseller", "location", "removed_by")
            .only(*ENDED_COLUMNS)
            .annotate(
                customer_count=customers_between("provider", "reseller"),
                customers_then=self._customers_then(),
                is_partner_again=Exists(again.filter(reseller=OuterRef("reseller"))),
            )
        )

    def complete(self, rows):
        """Each row's button *Request again* is pressed once."""
        for partnership in rows:
            partnership.submission = uuid4()

    def _customers_then(self):
        """As the entry of the removal says; nothing where it was made before they were counted."""
        entries = AuditEntry.objects.visible_to(self.membership).filter(
            action="partnership.removed",
            target_type=Partnership._meta.label_lower,
            target_id=Cast(OuterRef("pk"), CharField()),
        )
        return Subquery(entries.order_by("-at").values("details__customers")[:1])

    @staticmethod
    def number(count):
        return ngettext("%(number)d partnership", "%(number)d partnerships", count)


TABS = {tab.name: tab for tab in (ActiveTab, PendingTab, EndedTab)}


class OpenedTab:
    """The tab an address names, its page of rows, and what is to be said about the others.

    Numbers of rows in all tabs ride along with the rows; only a page without rows asks for them
    alone, and then also what else holds the text that was searched.
    """

    def __init__(self, request):
        membership = request.membership
        self.tab = TABS.get(request.GET.get("view", ""), ActiveTab)(membership, request.GET)
        self.others = [kind(membership, {}) for kind in TABS.values() if kind.name != self.tab.name]
        numbers = self._numbers()
        rows = self.tab.rows().annotate(**numbers)
        self.page = Page(request, self.tab.table, rows, series=self.tab.series)
        self.tab.complete(self.page.rows)
        self.counts = self._read(membership, numbers)

    def number_in(self, name):
        """How many rows the tab of this name holds without filters, at most the limit."""
        return min(self.counts[f"in_{name}"], COUNT_LIMIT)

    def found_elsewhere(self):
        """(tab, number of rows) of another that holds what was searched here in vain, or None."""
        found = ((tab, self.counts.get(f"found_{tab.name}")) for tab in self.others)
        return next(((tab, number) for tab, number in found if number), None)

    @property
    def holds_more(self):
        """Whether this tab without rows has some that stand here only when asked for."""
        return bool(self.counts.get("everything"))

    def _numbers(self):
        tabs = [*self.others, self.tab]
        return {f"in_{tab.name}": CappedCount(tab.listed()) for tab in tabs}

    def _read(self, membership, numbers):
        if self.page.rows:
            return {name: getattr(self.page.rows[0], name) for name in numbers}
        numbers = numbers | {"everything": CappedCount(self.tab.everything())}
        if text := self.tab.text:
            found = {f"found_{tab.name}": CappedCount(tab.matching(text)) for tab in self.others}
            numbers = numbers | found
        ours = Organization.objects.filter(pk=membership.organization_id)
        return ours.annotate(**numbers).values(*numbers).get()
