"""Builds the mails of partnership requests; the outbox sends them.

What became of a request is told by ``portal.notices``.
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse as public_reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import codes, wording
from partners.letter_texts import text_for
from partners.models import Enrolment
from portal.letters import Letter, compose, letter
from portal.links import public_url, reverse
from portal.outbox.models import OutboxMessage
from portal.text import unlinked

Status = Enrolment.Status
MINUTES = int(codes.LIFETIME.total_seconds() // 60)


def partnership_request(request, sender):
    """The invitation as it was drafted; answers go to ``sender``, who had it sent."""
    return compose(
        Letter(request.subject, wording.with_link(request)),
        request.language,
        to=request.recipient,
        from_name=_in_the_name_of(request.provider),
        reply_to=sender.email,
    )


def reminder(request, sender):
    """The same link once more, in the conversation that the first mail began."""
    return compose(
        wording.reminder(request, sender),
        request.language,
        to=request.recipient,
        from_name=_in_the_name_of(request.provider),
        reply_to=sender.email,
        headers=_in_reply_to_the_first(request),
    )


def letter_test(membership, language):
    """A request's text with made-up facts, to the Membership who wants to see it as a mail."""
    provider, user = membership.organization, membership.user
    with override(language):
        text = wording.example_letter(text_for(provider, language), membership)
        subject = _("Test: %(subject)s") % {"subject": text.subject}
    return compose(
        text._replace(subject=subject),
        language,
        to=user.email,
        from_name=_in_the_name_of(provider),
        reply_to=user.email,
    )


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
        company=unlinked(enrolment.name),
        reason=enrolment.reason,
        signed=bool(enrolment.agreement_accepted_at),
        provider=unlinked(invited.provider.name) if invited else "",
        invitation=wording.invitation_url(invited) if invited and invited.is_answerable else "",
        link=public_url(public_reverse("enroll")),
    )


def _to_person(name, person, *, to="", **context):
    """A letter of the portal itself to somebody, in their language."""
    context |= {"person": unlinked(str(person)), "site": settings.SITE_NAME}
    written = letter(f"partners/emails/{name}", person.language, **context)
    return compose(written, person.language, to=to or person.email, from_name=settings.SITE_NAME)


def _in_the_name_of(provider):
    return f"{unlinked(provider.name)} via {settings.SITE_NAME}"


def _in_reply_to_the_first(request):
    first = OutboxMessage.objects.filter(key__startswith=request.deliveries_key("sent"))
    message = first.order_by("created_at").first()
    return {"In-Reply-To": message.message_id, "References": message.message_id} if message else {}
