"""Texts that leave the portal or bind somebody: drafts of partnership requests, legal statements.

Each is a template file per language (see ``portal.letters``).
"""

from typing import NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language

from portal.letters import Letter, letter, text_template
from portal.links import public_url

# Stands in the stored text for the link, which is a secret and is derived when it is shown.
LINK_MARK = "⟦link⟧"
MAILTO_BUDGET = 1600  # characters; common mail programs and browsers cut longer addresses

# Change the texts only together with these: the version that was agreed to is kept for ever.
AGREEMENT_VERSION = "2026-01"
REMOVAL_VERSION = "2026-01"


class Mailto(NamedTuple):
    """An address that opens a mail program; ``is_short`` when the text had to be left out."""

    url: str
    is_short: bool


def standard_letter(request, language=None):
    """The text a request starts with, in its own language or another; a Letter with the mark."""
    return _request_letter("request", request, language or request.language)


def is_untouched(request):
    """Whether nobody has changed the text yet."""
    return standard_letter(request) == as_drafted(request)


def as_drafted(request):
    """The text as it is stored, a Letter with the mark."""
    return Letter(request.subject, request.body)


def invitation_url(request):
    """The personal link in full; empty when the key that made it was retired."""
    return public_url(reverse("invitation", args=[request.token])) if request.token else ""


def with_link(request):
    """The text as the reseller reads it."""
    return request.body.replace(LINK_MARK, invitation_url(request))


def without_link(text, request):
    """The text as it is stored: the mark instead of the link."""
    link = invitation_url(request)
    return text.replace(link, LINK_MARK) if link else text


def mailto(request):
    """The request as a Mailto, with a short text where the whole one would be cut."""
    url = _mailto_url(request, with_link(request))
    if len(url) <= MAILTO_BUDGET:
        return Mailto(url, False)
    short = _request_letter("request_short", request, request.language).body
    return Mailto(_mailto_url(request, short.replace(LINK_MARK, invitation_url(request))), True)


def forwarded(request, token, person, *, to=()):
    """What ``person``, who holds the link, may write to colleagues: a Letter and its Mailto."""
    written = letter(
        "partners/emails/forwarded",
        get_language(),
        provider=request.provider.name,
        expires=localtime(request.expires_at),
        link=public_url(reverse("invitation", args=[token])),
        sender=str(person) if person.is_authenticated else "",
    )
    return written, Mailto(_mailto(",".join(to), written), False)


def agreement_text():
    """The partner agreement in the reader's language."""
    return _legal_text("agreement", AGREEMENT_VERSION)


def removal_statement():
    """What somebody represents who ends a partnership, in the reader's language."""
    return _legal_text("removal", REMOVAL_VERSION)


def _request_letter(name, request, language):
    sender = request.created_by
    profile = getattr(request.provider, "partner", None)
    return letter(
        f"partners/emails/{name}",
        language,
        provider=request.provider.name,
        phone=profile.phone if profile else "",
        sender=str(sender),
        expires=localtime(request.expires_at, ZoneInfo(sender.time_zone)),
        link=LINK_MARK,
        enroll=public_url(reverse("enroll")),
    )


def _mailto_url(request, body):
    return _mailto(request.recipient, Letter(request.subject, body))


def _mailto(to, written):
    subject, body = (quote(text, safe="") for text in (written.subject, _crlf(written.body)))
    return f"mailto:{quote(to, safe='@,')}?subject={subject}&body={body}"


def _crlf(text):
    return "\r\n".join(text.splitlines())


def _legal_text(name, version):
    template = text_template(f"partners/legal/{name}-{version}", get_language())
    return template.render({"site": settings.SITE_NAME}).strip()
