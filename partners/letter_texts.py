"""The text a partnership request starts with: the portal's own, or one the provider wrote.

Both hold placeholders in braces. A line that holds nothing but an empty one goes away with it, so
that a note nobody wrote and a number nobody has leave no gap.
"""

import re

from django.utils.translation import gettext_lazy as _

from partners.models import LetterTemplate
from portal.letters import Letter, letter

# In the order in which people are told about them.
PLACEHOLDERS = {
    "link": _("The personal link, where the reseller answers. Best on a line of its own."),
    "provider": _("The name of your company."),
    "expires": _("The last day on which the link works."),
    "sender": _("The name of the person who asks."),
    "phone": _("Your company's phone number, if there is one."),
    "enroll": _("The address where a company enrols as indirect reseller."),
    "note": _("The personal note of the request, if one was written."),
}
IN_SUBJECTS = {"provider", "sender"}
REQUIRED = ("link", "provider")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
SUBJECT_LENGTH = LetterTemplate._meta.get_field("subject").max_length


def standard_text(language):
    """The portal's own text, a Letter with placeholders."""
    return letter("partners/emails/request", language)


def own_text(provider, language):
    """The provider's LetterTemplate in this language, or None."""
    return LetterTemplate.objects.filter(provider=provider, language=language).first()


def text_for(provider, language):
    """What a provider's requests start with, a Letter with placeholders."""
    own = own_text(provider, language)
    return Letter(own.subject, own.body) if own else standard_text(language)


def fill(text, values):
    """The Letter with each placeholder replaced by its value; ``values`` has all of them."""
    subject = _replace(text.subject, values)[:SUBJECT_LENGTH]
    kept = [line for line in text.body.split("\n") if not _is_empty(line, values)]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(_replace(line, values) for line in kept))
    return Letter(subject, body.strip())


def unknown_placeholders(text):
    """The placeholders in ``text`` that mean nothing, as typed; a lone brace is one too."""
    wrong = [found[0] for found in PLACEHOLDER.finditer(text) if found[1] not in PLACEHOLDERS]
    return wrong + re.findall(r"[{}]", PLACEHOLDER.sub("", text))


def placeholders_in(text):
    """The names of the placeholders in ``text``."""
    return {found[1] for found in PLACEHOLDER.finditer(text)}


def _replace(text, values):
    """In one go, so that a name with braces in it stays a name."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _is_empty(line, values):
    alone = PLACEHOLDER.fullmatch(line.strip())
    return bool(alone) and values.get(alone[1]) == ""
