"""Builds the mails of partnerships; the outbox sends them."""

from email.utils import formataddr, parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.timezone import localtime

from partners import wording
from portal.links import public_url, reverse
from portal.references import encode


def partnership_request(request, sender):
    """The invitation as it was drafted; answers go to ``sender``, who had it sent."""
    return _mail(
        wording.Letter(request.subject, wording.with_link(request)),
        to=request.recipient,
        from_name=f"{request.provider} via {settings.SITE_NAME}",
        reply_to=[sender.email] if sender.email else None,
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


def _answer(name, request, **context):
    requester = request.created_by
    letter = wording.letter(
        name,
        requester.language,
        requester=str(requester),
        reseller=request.reseller.name,
        answered_by=str(request.answered_by),
        answered_at=localtime(request.answered_at, ZoneInfo(requester.time_zone)),
        **context,
    )
    return _mail(letter, to=requester.email, from_name=settings.SITE_NAME)


def _mail(letter, *, to, from_name, reply_to=None):
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return EmailMessage(
        subject=letter.subject,
        body=letter.body,
        from_email=formataddr((from_name, address)),
        to=[to],
        reply_to=reply_to,
        headers={"Auto-Submitted": "auto-generated"},
    )
