"""Many subscriptions before they name other partners: a verdict on each, and what follows."""

from functools import cached_property

from portal.lists import Page
from portal.preview import Asked, Preview
from subscriptions.change_forms import FIELDS, ChangeForm, TargetForm
from subscriptions.change_verdicts import WORDS, Verdict, validate_change
from subscriptions.selection import Selection
from subscriptions.tables import ChangeTable

LIGHT = ("status", "reseller_of_record", "support_contact", "customer__status", "customer__country")


class ChangingPage(Preview):
    """What the query ``data`` of the page says: which subscriptions, and whom they are to name."""

    BUTTON, WORDS, FIELDS = ChangeForm, WORDS, FIELDS

    def __init__(self, membership, data):
        super().__init__(membership, data)
        self.selection = Selection(membership, data)
        is_asked = any(name in data for name in FIELDS)
        self.target = TargetForm(data if is_asked else None, membership=membership)

    @cached_property
    def changes(self):
        return self.target.changes

    @property
    def is_decided(self):
        return bool(self.changes)

    @property
    def names_nobody(self):
        """Whether nobody is reseller of record afterwards."""
        return self.changes.get("reseller_of_record", self) is None

    def light(self):
        found = self.selection.rows().select_related("customer").only(*LIGHT)
        return found.order_by("-created_at", "-pk")

    def judge(self):
        return validate_change(self.rows, self.changes, self.membership)

    def facts(self, row):
        return row.reseller_of_record_id, row.support_contact_id

    def page(self):
        """One page of them, each with its verdict and whom it names afterwards."""
        page = Page(Asked(self.data), ChangeTable, self.selection.rows().for_list(), series="S")
        reasons = {subscription.pk: reason for subscription, reason in self.verdicts}
        for row in page.rows:
            row.verdict = Verdict(row, reasons.get(row.pk, ""))
            becomes = {} if row.verdict.reason else self.changes
            row.next_record = becomes.get("reseller_of_record", row.reseller_of_record)
            row.next_contact = becomes.get("support_contact", row.support_contact)
        return page
