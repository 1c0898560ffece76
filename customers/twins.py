"""Customers that may be the company somebody is about to add: found while it is typed.

Only among the rows that the person may see; a company that others serve is never named.
"""

import re
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.models import Customer
from portal.free_mail import is_free_mail
from portal.names import plain_name
from portal.text import sort_key

MOST = 3
MOST_LOOKED_AT = 200  # rows that share the words of a name


class Twin(NamedTuple):
    """A customer like the one being typed, and what they have in common."""

    customer: Customer
    reason: str

    @property
    def reference(self):
        return self.customer.reference


def find_twins(membership, *, company_name="", registration_number="", email=""):
    """Up to three Twins among the active customers that ``membership`` may see.

    The same name but for its legal form and spelling, the same registration number but for
    blanks and dots, or a contact in the same email domain.
    """
    rows = Customer.objects.visible_to(membership).active().order_by("name_key", "pk")
    found = {}
    for twin in (
        *_of_name(rows, company_name),
        *_of_number(rows, registration_number),
        *_of_mail(rows, email),
    ):
        found.setdefault(twin.customer.pk, twin)
    return list(found.values())[:MOST]


def _of_name(rows, name):
    plain = plain_name(name)
    if len(plain) < 2:
        return
    similar = Q(name_key=sort_key(name))
    words = Q()
    for word in plain.split():
        words &= Q(name_key__contains=word)
    for customer in rows.filter(similar | words)[:MOST_LOOKED_AT]:
        if plain_name(customer.company_name) == plain:
            yield Twin(customer, _("the same name"))


def _of_number(rows, number):
    signs = re.sub(r"[^0-9A-Za-z]", "", number)[:40]
    if len(signs) < 4:
        return
    pattern = rf"^{'[^0-9A-Za-z]*'.join(signs)}[^0-9A-Za-z]*$"
    for customer in rows.filter(registration_number__iregex=pattern)[:MOST]:
        yield Twin(customer, _("the same registration ID"))


def _of_mail(rows, email):
    domain = email.strip().rpartition("@")[2].casefold()
    if "@" not in email or "." not in domain or "\0" in domain or is_free_mail(f"x@{domain}"):
        return
    for customer in rows.filter(email__iendswith=f"@{domain}")[:MOST]:
        yield Twin(customer, _("contact in the same email domain"))
