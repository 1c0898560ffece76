"""Builds the mails of relationship requests; the outbox sends them."""

from django.conf import settings

from customers import wording
from portal.letters import Letter, compose
from portal.text import unlinked


def relationship_request(request, sender):
    """The invitation as it was drafted; answers go to ``sender``, who had it sent."""
    return compose(
        Letter(request.subject, wording.with_link(request)),
        request.language,
        to=request.recipient,
        from_name=f"{unlinked(str(request.asked_by))} via {settings.SITE_NAME}",
        reply_to=sender.email,
    )


def relationship_reminder(request, sender):
    """The same link once more; answers go to ``sender``."""
    return compose(
        wording.reminder(request, sender),
        request.language,
        to=request.recipient,
        from_name=f"{unlinked(str(request.asked_by))} via {settings.SITE_NAME}",
        reply_to=sender.email,
    )
