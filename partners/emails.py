"""Builds the mails of partnerships; the outbox sends them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import wording
from partners.letter_texts import text_for
from portal.letters import Letter, compose, letter
from portal.links import public_url, reverse
from portal.outbox.models import OutboxMessage
from portal.references import encode
from portal.text import unlinked


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


def _in_the_name_of(provider):
    return f"{unlinked(provider.name)} via {settings.SITE_NAME}"


def _in_reply_to_the_first(request):
    first = OutboxMessage.objects.filter(key__startswith=request.deliveries_key("sent"))
    message = first.order_by("created_at").first()
    return {"In-Reply-To": message.message_id, "References": message.message_id} if message else {}


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
        requester=unlinked(str(requester)),
        reseller=unlinked(request.reseller.name),
        answered_by=unlinked(str(request.answered_by)),
        answered_at=localtime(request.answered_at, ZoneInfo(requester.time_zone)),
        **context,
    )
    return compose(answer, requester.language, to=requester.email, from_name=settings.SITE_NAME)
