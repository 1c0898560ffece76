"""Builds the mails of partnerships; the outbox sends them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse as public_reverse
from django.utils.timezone import localtime

from partners import codes, wording
from partners.models import Enrolment
from portal.letters import Letter, compose, letter
from portal.links import public_url, reverse
from portal.references import encode

Status = Enrolment.Status
MINUTES = int(codes.LIFETIME.total_seconds() // 60)


def partnership_request(request, sender):
    """The invitation as it was drafted; answers go to ``sender``, who had it sent."""
    return compose(
        Letter(request.subject, wording.with_link(request)),
        request.language,
        to=request.recipient,
        from_name=f"{request.provider} via {settings.SITE_NAME}",
        reply_to=sender.email,
    )


def request_accepted(request):
    """To the one who asked: the reseller is in the list, and what can be done now."""
    link = reverse(
        "subscriptions:draft_create",
        organization=request.provider,
        reseller=encode("R", request.reseller_id),
    )
    location = request.partnership.location
    return _answer("accepted", request, link=public_url(link), location=location)


def request_declined(request):
    """To the one who asked: no, and why, if a reason was given."""
    link = reverse("partners:request_detail", request.pk, organization=request.provider)
    return _answer("declined", request, link=public_url(link), reason=request.decline_reason)


def new_link_wanted(request):
    """To the one who asked: the link ran out and the recipient would like another."""
    link = reverse("partners:request_detail", request.pk, organization=request.provider)
    whom = {"recipient": request.recipient, "reference": request.reference}
    return _to_person(
        "new_link_wanted",
        request.created_by,
        expires=localtime(request.expires_at, ZoneInfo(request.created_by.time_zone)),
        link=public_url(link),
        **whom,
    )


def enrolment_code(enrolment, code):
    """To the address that is to be proven."""
    spaced = f"{code[:4]} {code[4:]}"
    return _to_person(
        "enrolment_code", enrolment.applicant, to=enrolment.email, code=spaced, minutes=MINUTES
    )


def enrolment_known(enrolment):
    """To an address that has an account: no code, the way to sign in instead."""
    link = f"{public_reverse('account_login')}?next={public_reverse('enroll')}"
    return _to_person(
        "enrolment_known", enrolment.applicant, to=enrolment.email, link=public_url(link)
    )


def enrolment_decided(enrolment):
    """To the applicant: approved, handed back, or rejected; and where to go on."""
    names = {Status.APPROVED: "approved", Status.DRAFT: "handed_back", Status.REJECTED: "rejected"}
    invited = enrolment.request
    return _to_person(
        f"enrolment_{names[enrolment.status]}",
        enrolment.applicant,
        to=enrolment.email,
        company=enrolment.name,
        reason=enrolment.reason,
        signed=bool(enrolment.agreement_accepted_at),
        provider=invited.provider.name if invited else "",
        invitation=wording.invitation_url(invited) if invited and invited.is_answerable else "",
        link=public_url(public_reverse("enroll")),
    )


def _to_person(name, person, *, to="", **context):
    """A letter of the portal itself to somebody, in their language."""
    context |= {"person": str(person), "site": settings.SITE_NAME}
    written = letter(f"partners/emails/{name}", person.language, **context)
    return compose(written, person.language, to=to or person.email, from_name=settings.SITE_NAME)


def _answer(name, request, **context):
    requester = request.created_by
    answer = letter(
        f"partners/emails/{name}",
        requester.language,
        requester=str(requester),
        reseller=request.reseller.name,
        answered_by=str(request.answered_by),
        answered_at=localtime(request.answered_at, ZoneInfo(requester.time_zone)),
        **context,
    )
    return compose(answer, requester.language, to=requester.email, from_name=settings.SITE_NAME)
