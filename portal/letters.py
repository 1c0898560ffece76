"""Letters: texts that leave the portal by mail, one template file per language.

A letter is written, not assembled from sentences, and its plain text is written first; the HTML
has the same words. The first line of a file is the subject. A paragraph of two lines whose second
is an address becomes a link with the words of the first, the first such one a button.
"""

from email.utils import formataddr, parseaddr
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string, select_template
from django.utils.translation import gettext as _
from django.utils.translation import override

ADDRESSES = ("https://", "http://")
# The signs and colours of provider, reseller and customer, as everywhere in the portal.
TIERS = [
    ("provider", "■", "#055b63"),
    ("reseller", "◆", "#853166"),
    ("customer", "●", "#555620"),
]


class Letter(NamedTuple):
    subject: str
    body: str


class Reason(NamedTuple):
    """Why the reader gets a letter, and the address where it can be turned off."""

    text: str
    url: str


class Paragraph(NamedTuple):
    """A part of a letter as HTML draws it: ``kind`` is text, list, button or link."""

    kind: str
    lines: list
    url: str = ""


def letter(stem, language, **context):
    """The letter of the template ``<stem>.<language>.txt``, filled in with ``context``."""
    with override(language):
        text = text_template(stem, language).render(context)
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip())


def mailto_url(to, text):
    """The address that opens a mail program with the Letter ``text``.

    ``to`` is an email address, "" or a list of addresses.
    """
    recipients = [to] if isinstance(to, str) else to
    to = ",".join(quote(recipient, safe="@") for recipient in recipients)
    body = "\r\n".join(text.body.splitlines())
    return f"mailto:{to}?subject={quote(text.subject, safe='')}&body={quote(body, safe='')}"


def text_template(stem, language):
    """The template in ``language``, or in English where there is no other.

    Raises LookupError when there is none at all.
    """
    try:
        return select_template([f"{stem}.{language}.txt", f"{stem}.en.txt"])
    except TemplateDoesNotExist as error:
        raise LookupError(f"No text {stem}") from error


def compose(letter, language, *, to, from_name, reply_to="", headers=None, thread=(), reason=None):
    """The mail that carries ``letter``, written in ``language``, to ``to``: as text and as HTML.

    It comes from the portal's own address in the name of ``from_name``; answers go to
    ``reply_to``, if there is one. ``thread`` are the names of provider, reseller and customers,
    drawn as who stands between whom; ``reason`` is the Reason of a letter that can be turned off.
    """
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=as_text(letter, language, reason=reason),
        from_email=formataddr((from_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"} | (headers or {}),
    )
    html = as_html(letter, language, thread=thread, reason=reason)
    mail.attach_alternative(html, "text/html")
    return mail


def as_text(letter, language, *, reason=None):
    """The letter as plain text, with its reason below the line that mail programs fold."""
    if not reason:
        return letter.body
    with override(language):
        off = _("Choose what you are told:")
    return f"{letter.body}\n\n-- \n{reason.text}\n{off}\n{reason.url}\n"


def as_html(letter, language, *, thread=(), reason=None):
    """The letter as a web page that mail programs can draw; every word in it is escaped."""
    parts = paragraphs(letter.body)
    context = {
        "letter": letter,
        "language": language,
        "paragraphs": parts,
        "preview": _preview(parts),
        "thread": [(*tier, name) for tier, name in zip(TIERS, thread, strict=False)],
        "reason": reason,
        "site": settings.SITE_NAME,
        "support": settings.SUPPORT_EMAIL,
    }
    with override(language):
        return render_to_string("emails/frame.html", context)


def paragraphs(body):
    """The Paragraphs of a letter's text."""
    found, buttons = [], 0
    for lines in _blocks(body):
        paragraph = _paragraph(lines)
        if paragraph.kind == "link" and not buttons:
            buttons, paragraph = 1, paragraph._replace(kind="button")
        found.append(paragraph)
    return [paragraph for paragraph in found if paragraph.lines]


def _blocks(body):
    """The lines of each paragraph; what stands above a list is one of its own."""
    for block in body.split("\n\n"):
        lines = block.strip().splitlines()
        if len(lines) > 1 and not _is_item(lines[0]) and all(map(_is_item, lines[1:])):
            yield lines[:1]
            lines = lines[1:]
        yield lines


def _is_item(line):
    return line.startswith("- ")


def _preview(parts):
    """What mail programs show of the letter beside its subject: the first whole sentence."""
    texts = (" ".join(part.lines) for part in parts if part.kind == "text")
    return next((text for text in texts if text.endswith(".")), "")


def _paragraph(lines):
    if len(lines) == 2 and lines[1].startswith(ADDRESSES) and " " not in lines[1].strip():
        return Paragraph("link", [lines[0].removesuffix(":")], lines[1].strip())
    if lines and all(map(_is_item, lines)):
        return Paragraph("list", [item.removeprefix("- ") for item in lines])
    return Paragraph("text", lines)
