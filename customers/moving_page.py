"""Many customers before they go to another reseller: a verdict on each, and what follows."""

from collections import Counter
from functools import cached_property
from typing import NamedTuple
from uuid import uuid4

from django.http import QueryDict

from customers.forms.moving import MoveForm, TargetForm
from customers.models import DelegatedAdmin
from customers.selection import Selection, fingerprint, kept_query
from customers.tables import MoveTable
from customers.verdicts import WORDS, Verdict, validate_move
from portal.lists import COUNT_LIMIT, Page

LIGHT = ("status", "reseller", "country", "provider", "organization")


class Asked(NamedTuple):
    """As much of a request as a Page needs."""

    GET: QueryDict


class MovingPage:
    """What the query ``data`` of the page says: which customers, and to whom they go."""

    MOST = COUNT_LIMIT

    def __init__(self, membership, data):
        self.membership, self.data = membership, data
        self.selection = Selection(membership, data)
        self.target = TargetForm(data if "to" in data else None, membership=membership)

    @cached_property
    def customers(self):
        """All of them, light; one more than can be moved at once when there are too many."""
        found = self.selection.customers().only(*LIGHT).order_by("name_key", "pk")
        return list(found[: self.MOST + 1])

    @property
    def are_too_many(self):
        return len(self.customers) > self.MOST

    @cached_property
    def verdicts(self):
        """A Verdict on each; empty before it is known to whom they go."""
        if not self.target.is_chosen or self.are_too_many:
            return []
        return validate_move(self.customers, self.target.reseller, self.membership)

    @property
    def movable(self):
        """How many customers can be moved."""
        return sum(not reason for _customer, reason in self.verdicts)

    @property
    def skipped(self):
        """(number, words) of each reason why some can't, the most frequent first."""
        reasons = Counter(reason for _customer, reason in self.verdicts if reason)
        return [(number, WORDS[reason]) for reason, number in reasons.most_common()]

    @property
    def fingerprint(self):
        return fingerprint(self.verdicts)

    def form(self):
        """The form of the button, with what the page is about."""
        told = {"query": self.data.urlencode(), "expected": self.movable}
        told |= {"fingerprint": self.fingerprint, "submission": uuid4()}
        return MoveForm(initial=told)

    @property
    def kept(self):
        """The list that led here, and the customers that were selected in it."""
        names = {name: self.data.getlist(name) for name in ("scope", "selected")}
        query = kept_query(self.data) | {name: values for name, values in names.items() if values}
        return [(name, value) for name, values in query.items() for value in values]

    @property
    def list_query(self):
        return kept_query(self.data)

    def page(self):
        """One page of the customers, each with its verdict and whether its reseller keeps rights.

        The rows' links lead to other pages of the same preview.
        """
        page = Page(Asked(self.data), MoveTable, self.selection.customers().for_list(), series="C")
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
