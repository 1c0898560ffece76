"""A company that enrols, and its road through the pages."""

import re

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from partners import codes, wording
from partners.models import Enrolment
from portal.outbox.worker import work_once
from tests.factories import make_enrolment, make_user

PERSON = {
    "first_name": "Moritz",
    "last_name": "Kessler",
    "email": "M.Kessler@kessler-it.example",
    "phone": "+49 40 5550 120",
    "password": "a long and winding road",
}
COMPANY = {
    "country": "DE",
    "name": "Kessler IT-Systemhaus GmbH",
    "address": "Jungfernstieg 1",
    "postal_code": "20354",
    "city": "Hamburg",
    "state": "",
    "website": "https://kessler-it.example",
}
IDENTIFIERS = {"mpn_id": "484 7383", "global_mpn_id": "4391507"}
CONSENT = {"version": wording.AGREEMENT_VERSION}
FACTS = {
    **COMPANY,
    "first_name": "Moritz",
    "last_name": "Kessler",
    "email": "m.kessler@kessler-it.example",
    "mpn_id": "4847383",
}


def complete_enrolment(applicant=None, **fields):
    """An enrolment that could be submitted; of somebody whose address is proven."""
    applicant = applicant or make_user("m.kessler@kessler-it.example")
    facts = FACTS | {"email_confirmed_at": now()} | fields
    return make_enrolment(applicant, **facts)


def submitted_enrolment(applicant=None, **fields):
    fields = {"status": Enrolment.Status.SUBMITTED, "submitted_at": now()} | fields
    return complete_enrolment(applicant, **fields)


def waiting_for_code(applicant, code="12345678", **fields):
    """An enrolment whose address is to be proven with this code."""
    facts = {"first_name": "Moritz", "last_name": "Kessler", "email": applicant.email} | fields
    enrolment = make_enrolment(applicant, **facts)
    enrolment.code_hash = codes.code_hash(enrolment, code)
    enrolment.code_until = now() + codes.LIFETIME
    enrolment.save()
    return enrolment


class Applicant:
    """Somebody in front of the pages of an enrolment."""

    def __init__(self, browser=None):
        self.browser = browser or Client()

    def open(self, page="enroll", **query):
        return self.browser.get(reverse(page), query)

    def send(self, page, data=None, **changes):
        """Post a part; a change to None leaves the input out."""
        fields = {name: value for name, value in ((data or {}) | changes).items()}
        given = {name: value for name, value in fields.items() if value is not None}
        return self.browser.post(reverse(page), given)

    def begins(self, **changes):
        return self.send("enroll_you", PERSON, **changes)

    def types_code(self, code=None):
        return self.send("enroll_code", {"code": code or latest_code()})

    def fills_in(self):
        self.send("enroll_company", COMPANY)
        self.send("enroll_identifiers", IDENTIFIERS)
        return self.send("enroll_agreement", CONSENT)

    def submits(self):
        return self.send("enroll_review")

    def goes_all_the_way(self, **changes):
        self.begins(**changes)
        self.types_code()
        self.fills_in()
        return self.submits()


def latest_code():
    """What stands in the latest mail, once the background work is done."""
    while work_once():
        pass
    return re.search(r"\b(\d{4}) (\d{4})$", mail.outbox[-1].subject)[0].replace(" ", "")
