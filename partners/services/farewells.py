"""Drafts of messages about the end of a partnership. The portal offers them and sends none."""

from typing import NamedTuple

from django.conf import settings

from partners.wording import MAILTO_BUDGET, Mailto, mailto_url
from portal.letters import Letter, letter

AUDIENCES = ("reseller", "customers")


class Farewell(NamedTuple):
    """A draft: its text, and the address that opens it in a mail program."""

    letter: Letter
    mailto: Mailto


def draft_farewell(partnership, audience, *, actor, language, to="", **facts):
    """What the provider might write to the ``reseller`` or to ``customers``, in ``language``.

    ``to`` is the one address the draft goes to; leave it empty for several people, whose addresses
    don't concern each other. ``facts`` are what the templates ask for besides names and days.
    Gaps for what only the provider knows, such as a legal notice, are in square brackets.
    """
    profile = getattr(partnership.provider, "partner", None)
    names = {
        "provider": partnership.provider.name,
        "reseller": partnership.reseller.name,
        "phone": profile.phone if profile else "",
        "sender": str(actor.user),
        "site": settings.SITE_NAME,
        "ended_at": partnership.removed_at,
    }
    whole = letter(f"partners/emails/ended_{audience}", language, **names | facts)
    url = mailto_url(to, whole)
    if len(url) <= MAILTO_BUDGET:
        return Farewell(whole, Mailto(url, False))
    short = letter("partners/emails/ended_short", language)  # without names, which may be long
    return Farewell(whole, Mailto(mailto_url(to, short), True))
