"""Texts of relationship requests: the letter that carries the link, and the customer agreement.

Each is a template file per language (see ``portal.letters``).
"""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, override

from portal.letters import Letter, letter, mailto_url, text_template
from portal.links import public_url
from portal.text import unlinked

# Stands in the stored text for the link, which is a secret and is derived when it is shown.
LINK_MARK = "⟦link⟧"
MAILTO_BUDGET = 1600  # characters; common mail programs and browsers cut longer addresses

# Change the text only together with this: the version that was agreed to is kept for ever.
AGREEMENT_VERSION = "2026-01"
REMOVAL_VERSION = "2026-01"  # of the statement of whoever ends a relationship; the same holds


class Mailto(NamedTuple):
    """An address that opens a mail program; ``is_short`` when the text had to be left out."""

    url: str
    is_short: bool


def standard_letter(request, language=None):
    """The text a request starts with, in its own language or another; a Letter with the mark."""
    return _letter("relationship", request, language or request.language)


def is_untouched(request):
    """Whether nobody has changed the text yet."""
    return standard_letter(request) == Letter(request.subject, request.body)


def reminder(request, sender):
    """The Letter that reminds of a request, in the name of the User ``sender``."""
    return letter(
        "customers/emails/relationship_reminder",
        request.language,
        company=unlinked(request.asked_by.name),
        asked=localtime(request.sent_at, ZoneInfo(sender.time_zone)),
        until=localtime(request.expires_at, ZoneInfo(sender.time_zone)),
        link=relationship_url(request),
        sender=unlinked(str(sender)),
    )


def last_day(request):
    """The last day of the link as the letter words it."""
    day = localtime(request.expires_at, ZoneInfo(request.created_by.time_zone))
    with override(request.language):
        return date_format(day, "j. F Y" if request.language == "de" else "j F Y")


def relationship_url(request):
    """The personal link in full; empty when the key that made it was retired."""
    token = request.token
    return public_url(reverse("relationship_request", args=[token])) if token else ""


def with_link(request):
    """The text as the customer reads it."""
    return request.body.replace(LINK_MARK, relationship_url(request))


def without_link(text, request):
    """The text as it is stored: the mark instead of the link."""
    link = relationship_url(request)
    return text.replace(link, LINK_MARK) if link else text


def mailto(request):
    """The request as a Mailto, with a short text where the whole one would be cut."""
    url = mailto_url(request.recipient, Letter(request.subject, with_link(request)))
    if len(url) <= MAILTO_BUDGET:
        return Mailto(url, False)
    short = _letter("relationship_short", request, request.language).body
    short = Letter(request.subject, short.replace(LINK_MARK, relationship_url(request)))
    return Mailto(mailto_url(request.recipient, short), True)


def agreement_text():
    """The customer agreement in the reader's language."""
    return _legal(f"agreement-{AGREEMENT_VERSION}")


def removal_statement():
    """What somebody states who removes a reseller relationship, in the reader's language."""
    return _legal(f"removal-{REMOVAL_VERSION}")


def _legal(name):
    template = text_template(f"customers/legal/{name}", get_language())
    return template.render({"site": settings.SITE_NAME}).strip()


def _letter(name, request, language):
    sender = request.created_by
    return letter(
        f"customers/emails/{name}",
        language,
        provider=unlinked(request.provider.name),
        reseller=unlinked(request.reseller.name) if request.reseller else "",
        company=unlinked(request.asked_by.name),
        delegated_admin=request.wants_delegated_admin,
        admin_days=request.admin_days,
        note=request.note,
        sender=unlinked(str(sender)),
        expires=localtime(request.expires_at, ZoneInfo(sender.time_zone)),
        link=LINK_MARK,
    )
