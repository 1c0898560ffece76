"""What a file would change: shown before, done afterwards, and the same both times."""

import hashlib
from collections import Counter
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What becomes of a price or of an offer."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Refused")


class Change(NamedTuple):
    """One of them: the line of the file (0: the file does not name it), old and new, or why not."""

    kind: Kind
    line: int
    name: str
    about: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""


class Plan:
    """All changes, and the rows of the database that make them.

    ``offers`` are Offers to create; ``facts`` Offers to update; ``prices`` OfferPrices to create,
    or to update where they have an id; ``gone`` ids of prices to delete.
    """

    def __init__(self, format_name):
        self.format_name = format_name
        self.changes, self.unchanged = [], 0
        self.offers, self.facts, self.prices, self.gone = [], [], [], []

    def add(self, kind, line, name, **more):
        self.changes.append(Change(kind, line, name, **more))

    @property
    def counts(self):
        """How many of each Kind there are, and ``unchanged``."""
        found = Counter(change.kind for change in self.changes)
        return {str(kind): found[kind] for kind in Kind} | {"unchanged": self.unchanged}

    @property
    def is_empty(self):
        return not (self.offers or self.facts or self.prices or self.gone)

    def of(self, kind, most=None):
        """The changes of one Kind in the order of the file, no more than ``most``."""
        return [change for change in self.changes if change.kind == kind][:most]

    @property
    def fingerprint(self):
        """A short text that is another one when anything else would be changed.

        Sentences are not part of it: they depend on the reader's language.
        """
        digest = hashlib.sha256(f"{self.format_name} {self.unchanged}".encode())
        for change in self.changes:
            digest.update(repr((str(change.kind), *change[1:6])).encode())
        return digest.hexdigest()
