"""Many customers before they go to another reseller: a verdict on each, and what follows."""

from customers.forms.moving import MoveForm, TargetForm
from customers.models import DelegatedAdmin
from customers.selection import Selection
from customers.tables import MoveTable
from customers.verdicts import WORDS, Verdict, validate_move
from portal.lists import Page
from portal.preview import Asked, Preview

LIGHT = ("status", "reseller", "country", "provider", "organization")


class MovingPage(Preview):
    """What the query ``data`` of the page says: which customers, and to whom they go."""

    BUTTON, WORDS = MoveForm, WORDS

    def __init__(self, membership, data):
        super().__init__(membership, data)
        self.selection = Selection(membership, data)
        self.target = TargetForm(data if "to" in data else None, membership=membership)

    @property
    def is_decided(self):
        return self.target.is_chosen

    def light(self):
        return self.selection.rows().only(*LIGHT).order_by("name_key", "pk")

    def judge(self):
        return validate_move(self.rows, self.target.reseller, self.membership)

    def facts(self, row):
        return [row.reseller_id]

    def page(self):
        """One page of the customers, each with its verdict and whether its reseller keeps rights.

        The rows' links lead to other pages of the same preview.
        """
        page = Page(Asked(self.data), MoveTable, self.selection.rows().for_list(), series="C")
        reasons = {customer.pk: reason for customer, reason in self.verdicts}
        keeping = self._keeping(page.rows)
        for row in page.rows:
            row.verdict = Verdict(row, reasons.get(row.pk, ""))
            row.keeps_rights = row.pk in keeping
        return page

    def _keeping(self, rows):
        """Ids of the customers whose present reseller holds delegated admin privileges."""
        granted = DelegatedAdmin.objects.visible_to(self.membership).granted()
        found = granted.filter(customer__in=[row.pk for row in rows])
        held = set(found.values_list("customer", "partner"))
        return {row.pk for row in rows if (row.pk, row.reseller_id) in held}
