"""Letters: texts that leave the portal by mail, one template file per language.

A letter is written, not assembled from sentences, and its plain text is written first; the HTML
has the same words. The first line of a file is the subject. A paragraph of two lines whose second
is an address becomes a link with the words of the first, the first such one a button.
"""

from email.utils import formataddr, parseaddr
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string, select_template
from django.utils.translation import override

ADDRESSES = ("https://", "http://")


class Letter(NamedTuple):
    subject: str
    body: str


class Paragraph(NamedTuple):
    """A part of a letter as HTML draws it: ``kind`` is text, list, button or link."""

    kind: str
    lines: list
    url: str = ""


def letter(stem, language, **context):
    """The letter of the template ``<stem>.<language>.txt``, filled in with ``context``."""
    with override(language):
        text = text_template(stem, language).render(context)
    subject, _, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip())


def text_template(stem, language):
    """The template in ``language``, or in English where there is no other.

    Raises LookupError when there is none at all.
    """
    try:
        return select_template([f"{stem}.{language}.txt", f"{stem}.en.txt"])
    except TemplateDoesNotExist as error:
        raise LookupError(f"No text {stem}") from error


def compose(letter, language, *, to, from_name, reply_to="", headers=None):
    """The mail that carries ``letter``, written in ``language``, to ``to``: as text and as HTML.

    It comes from the portal's own address in the name of ``from_name``; answers go to
    ``reply_to``, if there is one.
    """
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.body,
        from_email=formataddr((from_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"} | (headers or {}),
    )
    mail.attach_alternative(as_html(letter, language), "text/html")
    return mail


def as_html(letter, language):
    """The letter as a web page that mail programs can draw; every word in it is escaped."""
    context = {
        "letter": letter,
        "language": language,
        "paragraphs": paragraphs(letter.body),
        "site": settings.SITE_NAME,
        "support": settings.SUPPORT_EMAIL,
    }
    with override(language):
        return render_to_string("emails/frame.html", context)


def paragraphs(body):
    """The Paragraphs of a letter's text."""
    found, buttons = [], 0
    for block in body.split("\n\n"):
        paragraph = _paragraph(block.strip().splitlines())
        if paragraph.kind == "link" and not buttons:
            buttons, paragraph = 1, paragraph._replace(kind="button")
        found.append(paragraph)
    return [paragraph for paragraph in found if paragraph.lines]


def _paragraph(lines):
    if len(lines) == 2 and lines[1].startswith(ADDRESSES) and " " not in lines[1].strip():
        return Paragraph("link", [lines[0].removesuffix(":")], lines[1].strip())
    items = [line for line in lines if line.startswith("- ")]
    if items and len(items) == len(lines):
        return Paragraph("list", [item.removeprefix("- ") for item in items])
    return Paragraph("text", lines)
