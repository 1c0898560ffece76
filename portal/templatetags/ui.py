"""Template helpers of the components; see docs/components.md."""

from django import template
from django.contrib.messages import constants
from django.template.loader import render_to_string

register = template.Library()

NOTE_KINDS = (
    (constants.ERROR, "bad"),
    (constants.WARNING, "warn"),
    (constants.SUCCESS, "ok"),
)


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


@register.simple_block_tag
def note(content, kind="info", heading=""):
    """Draw the block's content as a note of `kind` info, ok, warn or bad."""
    context = {"kind": kind, "heading": heading, "body": content}
    return render_to_string("components/note.html", context)


@register.simple_block_tag
def card(content, **inputs):
    """Draw the block's content as a card; inputs as in components/card.html."""
    return render_to_string("components/card.html", {**inputs, "body": content})
