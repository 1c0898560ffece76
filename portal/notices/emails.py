"""Builds the mails of notices; the outbox sends them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.letters import Reason, compose, letter
from portal.links import public_url
from portal.notices.kinds import KINDS, TOPICS
from portal.text import unlinked

# Typed by the reader's own colleagues: there an address is meant to be one.
OWN_WORDS = {"recipient", "file"}


def notice_mail(notice, user):
    """The mail that tells ``user`` of ``notice``, in their language and time zone."""
    kind = KINDS[notice.kind]
    with timezone.override(ZoneInfo(user.time_zone)):
        text = letter(kind.letter, user.language, **_context(notice, user))
    return compose(
        text,
        user.language,
        to=user.email,
        from_name=settings.SITE_NAME,
        thread=_thread(notice, user) if kind.thread else (),
        reason=_reason(notice, kind, user),
    )


def _context(notice, user):
    """What a letter may say: the facts, who reads it, where to look, and when it happened."""
    facts = {name: _shown(name, value) for name, value in notice.moments_and_facts.items()}
    return facts | {
        "reader": unlinked(str(user)),
        "organization": unlinked(notice.organization.name),
        "link": public_url(notice.path),
        "at": notice.at,
    }


def _shown(name, value):
    if name.endswith("_path"):
        return public_url(value)
    if name in OWN_WORDS:
        return value
    return unlinked(value) if isinstance(value, str) else value


def _thread(notice, user):
    with override(user.language):
        customers = _("customers you share")
    names = notice.facts["provider"], notice.facts["reseller"], customers
    return [unlinked(name) for name in names]


def _reason(notice, kind, user):
    """Why this mail came, and where it can be turned off."""
    with override(user.language):
        text = _("You work for %(organization)s and get an email when %(topic)s.") % {
            "organization": unlinked(notice.organization.name),
            "topic": TOPICS[kind.topic].label,
        }
    return Reason(text, public_url(reverse("notifications")))
