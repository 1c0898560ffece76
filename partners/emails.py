"""Builds the mails of partnership requests; the outbox sends them.

What became of a request is told by ``portal.notices``.
"""

from django.conf import settings

from partners import wording
from portal.letters import Letter, compose


def partnership_request(request, sender):
    """The invitation as it was drafted; answers go to ``sender``, who had it sent."""
    return compose(
        Letter(request.subject, wording.with_link(request)),
        request.language,
        to=request.recipient,
        from_name=f"{request.provider} via {settings.SITE_NAME}",
        reply_to=sender.email,
    )
