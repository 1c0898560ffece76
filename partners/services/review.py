"""The operator's decision on an enrolment; each is made once, by whoever comes first."""

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import tasks
from partners.models import Enrolment, MpnAccount, PartnerProfile
from portal.accounts.models import Membership
from portal.accounts.roles import Kind, Role
from portal.accounts.services import create_organization
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.outbox.services import enqueue

Status = Enrolment.Status
ADDRESS = ("address", "postal_code", "city", "state", "phone", "email", "website")


class ChangedSince(InvalidTransition):
    """The applicant took it back and submitted it again after the operator opened it."""


class CannotApprove(Exception):
    """The company can't be made as it stands; the text says why."""


@transaction.atomic
def approve_enrolment(enrolment, *, operator, seen=None):
    """Make the company with all that belongs to it, and tell the applicant.

    ``operator`` is the deciding User, ``seen`` the ``submitted_at`` of what they looked at. Raises
    InvalidTransition when it is not in review any more, ChangedSince when it was submitted anew
    meanwhile, CannotApprove when somebody registered the MPN ID.
    """
    locked = _locked(enrolment, Status.APPROVED, seen)
    try:
        with transaction.atomic():
            company = _found_company(locked)
    except IntegrityError as error:
        words = _("One of the MPN IDs is registered for another company. Hand it back.")
        raise CannotApprove(words) from error
    return _decide(locked, Status.APPROVED, operator, company=company)


@transaction.atomic
def hand_back_enrolment(enrolment, *, operator, reason, seen=None):
    """Return it to the applicant to be corrected; ``reason`` is what they read.

    ``seen`` and what is raised are as for ``approve_enrolment``.
    """
    return _decide(_locked(enrolment, Status.DRAFT, seen), Status.DRAFT, operator, reason=reason)


@transaction.atomic
def reject_enrolment(enrolment, *, operator, reason, seen=None):
    """Refuse it for good; the applicant may begin anew. Takes and raises the same."""
    locked = _locked(enrolment, Status.REJECTED, seen)
    return _decide(locked, Status.REJECTED, operator, reason=reason)


def _locked(enrolment, to, seen):
    """The row as it is now, if it still waits and is what the operator saw.

    It changes only while it is a draft, and gets a new ``submitted_at`` each time it comes back.
    """
    locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if locked.status != Status.SUBMITTED:
        raise InvalidTransition(locked, to)
    if seen is not None and seen != locked.submitted_at:
        raise ChangedSince(locked, to)
    return locked


def _decide(enrolment, to, operator, **changes):
    decided = transition(
        enrolment, to, actor=None, decided_at=now(), decided_by=operator, **changes
    )
    with override(decided.applicant.language):
        subject = _("Decision on the enrolment of %(name)s") % {"name": decided.name}
    enqueue(
        tasks.send_enrolment_decision,
        organization=None,
        key=f"enrolment:{decided.pk}:{to}:{decided.decided_at:%Y%m%d%H%M%S%f}",
        subject=subject,
        enrolment_id=decided.pk,
        decision=str(to),
    )
    return decided


def _found_company(enrolment):
    """The organization, its profile and MPN IDs, and the applicant as its first global admin."""
    company = create_organization(
        name=enrolment.name, kind=Kind.RESELLER, country=enrolment.country
    )
    facts = {name: getattr(enrolment, name) for name in ADDRESS}
    profile = PartnerProfile.objects.create(organization=company, **facts, **_signature(enrolment))
    for number, type_ in _numbers(enrolment):
        MpnAccount.objects.create(
            organization=company,
            mpn_id=number,
            type=type_,
            city=enrolment.city if type_ == MpnAccount.Type.LOCATION else "",
            country=company.country,
        )
    admin = Membership.objects.create(
        user=enrolment.applicant, organization=company, roles=[str(Role.GLOBAL_ADMIN)]
    )
    record("organization.enrolled", actor=admin, target=profile, mpn_id=enrolment.mpn_id)
    if profile.agreement_signed:
        version = profile.agreement_version
        record("agreement.accepted", actor=admin, target=profile, version=version)
    return company


def _signature(enrolment):
    """The agreement that the applicant accepted while enrolling, if they did."""
    if not enrolment.agreement_accepted_at:
        return {}
    return {
        "agreement_version": enrolment.agreement_version,
        "agreement_signed_at": enrolment.agreement_accepted_at,
        "agreement_signed_by": enrolment.applicant,
    }


def _numbers(enrolment):
    yield enrolment.mpn_id, MpnAccount.Type.LOCATION
    if enrolment.global_mpn_id:
        yield enrolment.global_mpn_id, MpnAccount.Type.GLOBAL
