"""Builds the mails of partnerships; the outbox sends them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localtime

from partners import wording
from portal.letters import Letter, compose, letter
from portal.links import public_url, reverse
from portal.references import encode


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
