"""Template helpers of the components; see docs/components.md."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.contrib.messages import constants
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language

from portal.accounts.devices import device_name
from portal.text import find_words

register = template.Library()

# Links into the middle of a list mean nothing once the filter is another.
CURSORS = ("after", "before")

NOTE_KINDS = (
    (constants.ERROR, "bad"),
    (constants.WARNING, "warn"),
    (constants.SUCCESS, "ok"),
)


@register.filter
def breakable(address):
    """An account name or mail address that rather breaks before its @ than anywhere."""
    return mark_safe(escape(address).replace("@", "<wbr>@"))


@register.filter
def lookup(mapping, key):
    """Return `mapping[key]`, or None; Django's dot cannot take the key from a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def message_kind(messages):
    """Return the note kind of the most important of `messages`: bad, warn, ok or info."""
    level = max((message.level for message in messages), default=constants.INFO)
    return next((kind for threshold, kind in NOTE_KINDS if level >= threshold), "info")


@register.filter
def first_control_id(field):
    """Return the id an error link jumps to: in a group of radios or boxes, the first of them."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label


@register.filter
def plain(field):
    """Return the bound field without placeholder and hint: its label says enough."""
    field.field.widget.attrs.pop("placeholder", None)
    field.help_text = ""
    return field


@register.filter
def without_placeholder(field):
    """Return the bound field without its placeholder, which repeats the label."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter
def autocomplete(field, purpose):
    """Return the bound field with `purpose` (username, one-time-code …) for password managers."""
    field.field.widget.attrs["autocomplete"] = purpose
    return field


@register.filter
def status_words(row):
    """Return the label of the row's status; Django's `get_status_display` asks all choices."""
    return _label(type(row), row.status, get_language())


@lru_cache(maxsize=1000)  # few states in two languages; looking each up takes longer than its row
def _label(model, status, language):
    return str(model.Status(status).label)


@register.filter
def marked(text, words):
    """Return `text` with every hit of one of the `words` in a mark element."""
    if not words:
        return text
    parts, end = [], 0
    for start, stop in find_words(text, words):
        parts += [escape(text[end:start]), f"<mark>{escape(text[start:stop])}</mark>"]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))


@register.filter
def device(user_agent):
    """What a browser says about itself, in words: Firefox on Windows."""
    return device_name(user_agent)


@register.filter
def moment(value):
    """Draw a moment as a time element in the reader's zone and language: 22 Nov 2026, 10:42."""
    if not value:
        return ""
    here = localtime(value)
    return _time(here, f"{_words(here.date(), get_language())}, {here:%H:%M}")


@register.filter
def day(value):
    """Draw a date, or the date of a moment, as a time element: 22 Nov 2026."""
    if not value:
        return ""
    here = localtime(value) if isinstance(value, datetime) else value
    return _time(here, _words(date(here.year, here.month, here.day), get_language()))


@lru_cache(maxsize=1000)  # the days of a list repeat, and writing one takes a while
def _words(day, language):
    return date_format(day, "SHORT_DATE_FORMAT")


def _time(value, words):
    return mark_safe(f'<time datetime="{value.isoformat()}">{words}</time>')


@register.simple_tag
def active_filters(filters, request):
    """Return what the list is filtered by: `chips` (label, url without it) and `clear_url`.

    `filters` is the bound filter form; a missing one filters nothing, nor does an invalid field.
    """
    if not filters or not filters.is_bound:
        return {"chips": [], "clear_url": ""}
    filters.is_valid()
    query = request.GET.copy()
    for name in CURSORS:
        query.pop(name, None)
    values = [
        (field, value)
        for field in filters.visible_fields()
        if (chosen := filters.cleaned_data.get(field.name))
        for value in query.getlist(field.html_name)
        if value and not (isinstance(chosen, list) and value not in chosen)
    ]
    chips = [
        {"label": chip_label(field, value), "url": query_without(query, field.html_name, value)}
        for field, value in values
    ]
    for field in filters.visible_fields():
        query.pop(field.html_name, None)
    return {"chips": chips, "clear_url": f"?{query.urlencode()}"}


def chip_label(field, value):
    """Return "Location: Germany": the field's label and the words of the chosen value."""
    choices = dict(getattr(field.field, "choices", ()))
    words = {str(choice): text for choice, text in choices.items()}.get(value, value)
    return f"{field.label}: {words}"


def query_without(query, name, value):
    """Return the address of the list without this one value."""
    query = query.copy()
    query.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    return f"?{query.urlencode()}"


@register.simple_block_tag
def note(content, kind="info", heading=""):
    """Draw the block's content as a note of `kind` info, ok, warn or bad."""
    context = {"kind": kind, "heading": heading, "body": content}
    # Jinja2, which draws notes, does not say itself that what it returns is safe.
    return mark_safe(render_to_string("components/note.html", context))


@register.simple_block_tag
def card(content, **inputs):
    """Draw the block's content as a card; inputs as in components/card.html."""
    return render_to_string("components/card.html", {**inputs, "body": content})
