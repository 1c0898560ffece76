"""Enrolment as the applicant sees it: begun, filled in part by part, submitted, taken back."""

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import get_language

from partners.codes import UNPROVEN
from partners.models import Enrolment, PartnershipRequest
from portal.accounts.models import User
from portal.lifecycle import InvalidTransition, transition
from portal.scope import SYSTEM, acting

Status = Enrolment.Status


@transaction.atomic
def begin_enrolment(person, *, user=None, submission=None, password=""):
    """The enrolment that is under way for this applicant, made if there is none.

    ``person`` holds first_name, last_name, email and phone. The applicant is ``user``, or somebody
    new with ``password``, whom ``submission`` (a UUID) names: the press of the button, so that a
    second press finds what the first one began. Raises InvalidTransition when what is under way is
    no longer a draft.
    """
    applicant = user or _newcomer(submission, password, person)
    enrolment = fill_in(_under_way(applicant), **person)
    if not enrolment.email_confirmed_at and (proven := _proven_before(enrolment)):
        enrolment = fill_in(enrolment, email_confirmed_at=proven)
    return enrolment


@transaction.atomic
def fill_in(enrolment, **fields):
    """Keep one part of the form; another address has to be proven anew.

    Raises InvalidTransition when the enrolment is no longer a draft.
    """
    locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if not locked.is_draft:
        raise InvalidTransition(locked, Status.DRAFT)
    if fields.get("email", locked.email) != locked.email:
        fields |= {"email_confirmed_at": None, "code_hash": "", "code_until": None}
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(fields))
    return locked


def attach_invitation(enrolment, invitation):
    """Remember which invitation waits for this company: the last one that was opened."""
    if invitation is None or enrolment.request_id == invitation.pk:
        return enrolment
    return fill_in(enrolment, request_id=invitation.pk)


def invitation_of(enrolment):
    """The PartnershipRequest that led here with its provider, or None.

    The applicant has no organization yet to whom the database would show it: the system reads it.
    """
    if enrolment.request_id is None:
        return None
    with acting(SYSTEM):
        requests = PartnershipRequest.objects.select_related("provider", "created_by")
        return requests.filter(pk=enrolment.request_id).first()


def submit_enrolment(enrolment):
    """Hand it over to the operator. The caller has checked that it is complete.

    Raises InvalidTransition when it is no draft, as after a second press.
    """
    return transition(enrolment, Status.SUBMITTED, actor=None, submitted_at=now(), reason="")


def take_back_enrolment(enrolment):
    """Back to the applicant for correction, by the applicant's own wish."""
    return transition(enrolment, Status.DRAFT, actor=None, reason="")


def _newcomer(submission, password, person):
    """A person who can't sign in before the address is proven."""
    fields = {"first_name": person["first_name"], "last_name": person["last_name"]}
    fields |= {"is_active": False, "language": get_language()}
    user, _created = User.objects.get_or_create(username=f"{UNPROVEN}{submission}", defaults=fields)
    for name, value in fields.items():
        setattr(user, name, value)
    user.set_password(password)
    user.save(update_fields=[*fields, "password"])
    return user


def _under_way(applicant):
    mine = Enrolment.objects.of_applicant(applicant).under_way()
    try:
        with transaction.atomic():
            return mine.first() or Enrolment.objects.create(applicant=applicant)
    except IntegrityError:  # begun in another tab at this moment
        return mine.get()


def _proven_before(enrolment):
    """When the applicant proved this very address for an earlier enrolment, or None."""
    earlier = Enrolment.objects.of_applicant(enrolment.applicant).filter(email=enrolment.email)
    proven = earlier.exclude(email_confirmed_at=None)
    return proven.values_list("email_confirmed_at", flat=True).first()
