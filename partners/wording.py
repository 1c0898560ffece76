"""Texts that leave the portal or bind somebody: drafts of partnership requests, legal statements.

Each is a template file per language (see ``portal.letters``). The text of a request is stored with
marks where its link and its last day belong: the link is a secret, and both change when a request
is extended.
"""

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from partners.letter_texts import fill, text_for
from portal.letters import Letter, letter, mailto_url, text_template
from portal.links import public_url
from portal.text import unlinked

LINK_MARK = "⟦link⟧"
DAY_MARK = "⟦day⟧"
MAILTO_BUDGET = 1600  # characters; common mail programs and browsers cut longer addresses

# Change the texts only together with these: the version that was agreed to is kept for ever.
AGREEMENT_VERSIONS = ["2026-01"]  # every one there was; what was signed stays readable
AGREEMENT_VERSION = AGREEMENT_VERSIONS[-1]
REMOVAL_VERSION = "2026-01"


class Mailto(NamedTuple):
    """An address that opens a mail program; ``is_short`` when the text had to be left out."""

    url: str
    is_short: bool


def standard_letter(request, language=None, note=None):
    """The text a request starts with; a Letter with the marks.

    In the request's own language and with its own note, or with others.
    """
    note = request.note if note is None else note
    values = _values(request) | {"note": with_day_mark(note, request)}
    return fill(text_for(request.provider, language or request.language), values)


def is_untouched(request):
    """Whether nobody has changed the text yet."""
    return standard_letter(request) == as_drafted(request)


def as_drafted(request):
    """The text as it is stored, a Letter with the marks."""
    return Letter(request.subject, request.body)


def example_letter(text, membership):
    """What a Letter with placeholders looks like filled in, in the active language.

    Its link is a dead one; ``membership`` is the person who would ask.
    """
    profile = getattr(membership.organization, "partner", None)
    days = profile.invitation_days if profile else settings.INVITATION_DAYS
    day = date_format(localdate() + timedelta(days=days), _long_day(get_language()))
    values = _names(membership.organization, membership.user) | {
        "link": public_url(reverse("invitation", args=["XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XX"])),
        "expires": day,
        "note": _("(Here stands the personal note.)"),
    }
    return fill(text, values)


def invitation_url(request):
    """The personal link in full; empty when the key that made it was retired."""
    return public_url(reverse("invitation", args=[request.token])) if request.token else ""


def last_day(request):
    """The last day of the link in words, in the text's language and the sender's time zone."""
    day = localtime(request.expires_at, ZoneInfo(request.created_by.time_zone))
    with override(request.language):
        return date_format(day, _long_day(request.language))


def with_link(request):
    """The text as the reseller reads it."""
    return _without_marks(request, invitation_url(request))


def without_link(text, request):
    """The text as it is stored: marks instead of the link and of its last day."""
    link = invitation_url(request)
    return with_day_mark(text.replace(link, LINK_MARK) if link else text, request)


def with_day_mark(text, request):
    """``text`` with the mark instead of the last day, wherever it is named."""
    return text.replace(last_day(request), DAY_MARK)


def without_secret(request):
    """The text for people who need not see the link."""
    return _without_marks(request, _("[personal link]"))


def with_note(body, before, after):
    """An own text in which the note ``before`` is replaced by the note ``after``; either may be "".

    A note that was not in it yet comes behind the first paragraph, which is the greeting.
    """
    if before == after:
        return body
    if before and before in body:
        body = body.replace(before, after, 1)
        return body if after else body.replace("\n\n\n\n", "\n\n").strip()
    greeting, _blank, rest = body.partition("\n\n")
    return "\n\n".join(part for part in (greeting, after, rest) if part)


def mailto(request):
    """The request as a Mailto, with a short text where the whole one would be cut."""
    url = mailto_url(request.recipient, Letter(request.subject, with_link(request)))
    if len(url) <= MAILTO_BUDGET:
        return Mailto(url, False)
    short = letter(
        "partners/emails/request_short",
        request.language,
        link=invitation_url(request),
        **_names(request.provider, request.created_by),
    )
    return Mailto(mailto_url(request.recipient, short._replace(subject=request.subject)), True)


def reminder(request, sender):
    """The Letter that reminds of a request, in the name of the User ``sender``."""
    zone = ZoneInfo(sender.time_zone)
    return letter(
        "partners/emails/reminder",
        request.language,
        asked=request.sent_at and localtime(request.sent_at, zone),
        until=localtime(request.expires_at, zone),
        link=invitation_url(request),
        **_names(request.provider, sender),
    )


def forwarded(request, token, person, *, to=()):
    """What ``person``, who holds the link, may write to colleagues: a Letter and its Mailto."""
    written = letter(
        "partners/emails/forwarded",
        get_language(),
        provider=unlinked(request.provider.name),
        expires=localtime(request.expires_at),
        link=public_url(reverse("invitation", args=[token])),
        sender=unlinked(str(person)) if person.is_authenticated else "",
    )
    return written, Mailto(mailto_url(to, written), False)


def known_agreement(version):
    """``version`` if there ever was such an agreement, else today's."""
    return version if version in AGREEMENT_VERSIONS else AGREEMENT_VERSION


def agreement_text(version=AGREEMENT_VERSION):
    """The partner agreement in the reader's language: as it is today, or as it was signed."""
    return _legal_text("agreement", known_agreement(version))


def removal_statement():
    """What somebody represents who ends a partnership, in the reader's language."""
    return _legal_text("removal", REMOVAL_VERSION)


def _values(request):
    names = _names(request.provider, request.created_by)
    return names | {"link": LINK_MARK, "expires": DAY_MARK}


def _names(provider, sender):
    """Who asks. Names are anybody's choice, so none becomes a link in a mail program."""
    profile = getattr(provider, "partner", None)
    return {
        "provider": unlinked(provider.name),
        "sender": unlinked(str(sender)),
        "phone": profile.phone if profile else "",
        "enroll": public_url(reverse("enroll")),
    }


def _without_marks(request, link):
    return request.body.replace(LINK_MARK, link).replace(DAY_MARK, last_day(request))


def _long_day(language):
    return "j. F Y" if language == "de" else "j F Y"


def _legal_text(name, version):
    template = text_template(f"partners/legal/{name}-{version}", get_language())
    return template.render({"site": settings.SITE_NAME}).strip()
