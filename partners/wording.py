"""Texts that leave the portal or bind somebody: drafts of partnership requests, legal statements.

Each is a template file per language, because a letter is written, not assembled from sentences.
A letter's first line is its subject.
"""

from typing import NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import select_template
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, override

from portal.links import public_url

# Stands in the stored text for the link, which is a secret and is derived when it is shown.
LINK_MARK = "⟦link⟧"
MAILTO_BUDGET = 1600  # characters; common mail programs and browsers cut longer addresses

# Change the texts only together with these: the version that was agreed to is kept for ever.
AGREEMENT_VERSION = "2026-01"
REMOVAL_VERSION = "2026-01"


class Letter(NamedTuple):
    subject: str
    body: str


class Mailto(NamedTuple):
    """An address that opens a mail program; ``is_short`` when the text had to be left out."""

    url: str
    is_short: bool


def letter(name, language, **context):
    """The letter ``partners/emails/<name>.<language>.txt``, filled in with ``context``."""
    with override(language):
        text = _template(f"partners/emails/{name}", language).render(context)
    subject, _, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip())


def standard_letter(request, language=None):
    """The text a request starts with, in its own language or another; a Letter with the mark."""
    return _request_letter("request", request, language or request.language)


def is_untouched(request):
    """Whether nobody has changed the text yet."""
    return standard_letter(request) == (request.subject, request.body)


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
        name,
        language,
        provider=request.provider.name,
        phone=profile.phone if profile else "",
        sender=str(sender),
        expires=localtime(request.expires_at, ZoneInfo(sender.time_zone)),
        link=LINK_MARK,
        enroll=public_url(reverse("enroll")),
    )


def _mailto_url(request, body):
    subject, body = (quote(text, safe="") for text in (request.subject, _crlf(body)))
    return f"mailto:{quote(request.recipient, safe='@')}?subject={subject}&body={body}"


def _crlf(text):
    return "\r\n".join(text.splitlines())


def _legal_text(name, version):
    template = _template(f"partners/legal/{name}-{version}", get_language())
    return template.render({"site": settings.SITE_NAME}).strip()


def _template(stem, language):
    """The file in ``language``, or in English where there is no other."""
    try:
        return select_template([f"{stem}.{language}.txt", f"{stem}.en.txt"])
    except TemplateDoesNotExist as error:
        raise LookupError(f"No text {stem}") from error
