"""Builds the mails of partnership requests; the outbox sends them.

What became of a request is told by ``portal.notices``.
"""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners import wording
from partners.letter_texts import text_for
from portal.letters import Letter, compose
from portal.outbox.models import OutboxMessage
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
