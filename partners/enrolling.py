"""The task list of an enrolment: which parts there are, how far each is, and where it leads."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _


class Task(NamedTuple):
    """One line of the list; without ``url`` it can't be started yet."""

    label: str
    hint: str
    kind: str  # how the status is coloured
    status: str
    url: str = ""


def tasks_of(enrolment):
    """The Tasks of this enrolment; of a visitor who has none yet for None."""
    return [
        _you(enrolment),
        _part(
            enrolment, _("Company"), _("Legal name and address"), "enroll_company", "has_company"
        ),
        _part(
            enrolment,
            _("Identifiers"),
            _("The MPN ID of your Partner Location Account"),
            "enroll_identifiers",
            "has_identifiers",
        ),
        _agreement(enrolment),
        _review(enrolment),
    ]


def _you(enrolment):
    label, hint = _("You"), _("Your name and a code sent to your work email address")
    if enrolment is None:
        return Task(label, hint, "info", _("To do"), reverse("enroll_you"))
    if not enrolment.email_confirmed_at:
        has_address = bool(enrolment.email)
        page = "enroll_code" if has_address else "enroll_you"
        words = _("Code needed") if has_address else _("To do")
        return Task(label, hint, "wait" if has_address else "info", words, reverse(page))
    return Task(label, hint, "ok", _("Done"), reverse("enroll_you"))


def _part(enrolment, label, hint, page, done):
    if not is_open(enrolment):
        return Task(label, hint, "", _("Can't start yet"))
    if getattr(enrolment, done):
        return Task(label, hint, "ok", _("Done"), reverse(page))
    return Task(label, hint, "info", _("To do"), reverse(page))


def _agreement(enrolment):
    label, hint = _("Partner agreement"), _("Can also be accepted later")
    if not is_open(enrolment):
        return Task(label, hint, "", _("Can't start yet"))
    if enrolment.agreement_accepted_at:
        return Task(label, hint, "ok", _("Accepted"), reverse("enroll_agreement"))
    return Task(label, hint, "info", _("Optional"), reverse("enroll_agreement"))


def _review(enrolment):
    label, hint = _("Review and submit"), _("Look at everything once more")
    if enrolment is None or not enrolment.is_complete:
        return Task(label, hint, "", _("Can't start yet"))
    return Task(label, hint, "info", _("To do"), reverse("enroll_review"))


def is_open(enrolment):
    """Whether the parts about the company can be filled in: whoever proved to be somebody may."""
    return bool(enrolment and enrolment.applicant.is_active and enrolment.first_name)
