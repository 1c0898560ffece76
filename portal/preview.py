"""Many rows before something is done to them all: a verdict on each, and what follows.

An action on one such page does what it said or nothing: the button carries along what was shown.
"""

from collections import Counter
from functools import cached_property
from typing import NamedTuple
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from portal.forms import PlainForm
from portal.lists import COUNT_LIMIT
from portal.queries import read
from portal.selection import fingerprint, kept_query

LONGEST_QUERY = 10_000  # characters: two hundred selected rows and all filters


class Asked(NamedTuple):
    """As much of a request as a Page needs."""

    GET: QueryDict


class ButtonForm(PlainForm):
    """*Do it to N rows*: what the page was about when the button was shown."""

    query = forms.CharField(max_length=LONGEST_QUERY, widget=forms.HiddenInput)
    expected = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def clean_query(self):
        return read(self.cleaned_data["query"], longest=LONGEST_QUERY)

    def compare(self, expected, fingerprint):
        """Refuse when the page's facts are no longer true; they are what is true now."""
        told = self.cleaned_data["expected"], self.cleaned_data["fingerprint"]
        if told != (expected, fingerprint):
            self.add_error(None, ValidationError(self.changed_words(expected), code="changed"))
        return not self.errors

    def refuse(self):
        """The page's own facts are wrong or missing."""
        self.add_error(None, self.lost_words())

    def changed_words(self, number):
        """That ``number`` rows are left to do it to."""
        raise NotImplementedError

    def lost_words(self):
        raise NotImplementedError


class Preview:
    """What the query ``data`` of the page says: which rows, and what is to be done to them.

    Subclasses bring the ``selection``, the light rows, the verdicts (pairs of a row and a reason,
    "" for none) and the facts by which a changed row is recognised.
    """

    MOST = COUNT_LIMIT
    BUTTON = ButtonForm
    WORDS = {}  # of the reasons
    FIELDS = ("to",)  # what ``data`` says besides the list

    def __init__(self, membership, data):
        self.membership, self.data = membership, data

    @cached_property
    def rows(self):
        """All of them, light; one more than can be done at once when there are too many."""
        return list(self.light()[: self.MOST + 1])

    @property
    def are_too_many(self):
        return len(self.rows) > self.MOST

    @cached_property
    def verdicts(self):
        """A Verdict on each; empty before it is known what is to be done."""
        return [] if not self.is_decided or self.are_too_many else self.judge()

    @property
    def doable(self):
        """To how many rows it can be done."""
        return sum(not reason for _row, reason in self.verdicts)

    @property
    def skipped(self):
        """(number, words) of each reason why some are left out, the most frequent first."""
        reasons = Counter(reason for _row, reason in self.verdicts if reason)
        return [(number, self.WORDS[reason]) for reason, number in reasons.most_common()]

    @property
    def fingerprint(self):
        return fingerprint((row.pk, *self.facts(row), reason) for row, reason in self.verdicts)

    def form(self):
        """The form of the button, with what the page is about."""
        told = {"query": self.data.urlencode(), "expected": self.doable}
        told |= {"fingerprint": self.fingerprint, "submission": uuid4()}
        return self.BUTTON(initial=told)

    @property
    def kept(self):
        """The list that led here, and the rows that were selected in it."""
        names = {name: self.data.getlist(name) for name in ("scope", "selected")}
        query = self.list_query | {name: values for name, values in names.items() if values}
        return [(name, value) for name, values in query.items() for value in values]

    @property
    def list_query(self):
        return kept_query(self.data, self.FIELDS)

    def light(self):
        """The selected rows in their order, with as little as a verdict needs."""
        raise NotImplementedError

    @property
    def is_decided(self):
        """Whether it is known what is to be done."""
        raise NotImplementedError

    def judge(self):
        raise NotImplementedError

    def facts(self, row):
        raise NotImplementedError
