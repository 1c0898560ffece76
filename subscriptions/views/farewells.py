"""Drafts of messages about the end of a partnership. They are offered here and sent by people."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from partners.models import Partnership
from partners.services import draft_farewell
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.links import redirect_to
from subscriptions.farewells import address_of, audiences, farewell_facts
from subscriptions.views.partnerships import latest_partnership


@require_safe
@requires(Permission.REMOVE_PARTNERSHIP)
def message_reseller(request, pk):
    """The draft of a message to the former reseller."""
    partnership = latest_partnership(request, pk)
    if partnership.status == Partnership.Status.ACTIVE:
        return redirect_to(request, "subscriptions:reseller_ended", pk)
    facts = farewell_facts(partnership, request.membership)
    language = _language(request, get_language())
    to = address_of(partnership)
    return _show(request, partnership, "reseller", facts, language, to=to)


@require_safe
@requires(Permission.REMOVE_PARTNERSHIP)
def message_customers(request, pk):
    """The draft of a message to customers with the same fate, and their addresses for BCC."""
    partnership = latest_partnership(request, pk)
    if partnership.status == Partnership.Status.ACTIVE:
        return redirect_to(request, "subscriptions:reseller_ended", pk)
    found = audiences(partnership, request.membership)
    asked = request.GET.get("group", "")
    audience = next((each for each in found if each.key == asked), found[0])
    language = _language(request, audience.language_for(get_language()))
    context = {
        "audience": audience,
        "audiences": [
            _tab(request, each.words, each == audience, each.count, group=each.key, language="")
            for each in found
        ],
        "blocks": audience.blocks(language),
    }
    numbers = {code: len(addresses) for code, addresses in audience.by_language.items()}
    return _show(request, partnership, "customers", audience.facts, language, numbers, **context)


def _show(request, partnership, whom, facts, language, numbers=None, *, to="", **context):
    """``to`` is the one recipient; several are never named to each other.

    ``numbers`` are those of recipients by the language they read.
    """
    context |= {
        "partnership": partnership,
        "to": to,
        "farewell": draft_farewell(
            partnership, whom, actor=request.membership, language=language, to=to, **facts
        ),
        "languages": [
            _tab(request, name, code == language, language=code, count=(numbers or {}).get(code))
            for code, name in settings.LANGUAGES
        ],
    }
    return render(request, f"subscriptions/message_{whom}.html", context)


def _language(request, otherwise):
    """The language of the draft: the one asked for, else ``otherwise``."""
    asked = request.GET.get("language") or otherwise
    return asked if asked in dict(settings.LANGUAGES) else "en"


def _tab(request, label, current, count=None, **changes):
    """This page with another group or language."""
    query = {name: request.GET.get(name, "") for name in ("group", "language")} | changes
    url = f"?{urlencode({name: value for name, value in query.items() if value})}"
    return {"label": label, "url": url, "current": current, "count": count}
