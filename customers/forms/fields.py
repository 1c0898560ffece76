"""Fields that several forms about customers have."""

from django import forms
from django.utils.translation import gettext_lazy as _


def text_field(label, required="", **options):
    """A line of text; ``required`` is the sentence shown when it is missing."""
    messages = {"required": required} if required else {}
    return forms.CharField(
        label=label, required=bool(required), error_messages=messages, strip=True, **options
    )


def email_field(label, required=""):
    messages = {"invalid": _("Enter an email address like name@example.com.")}
    if required:
        messages["required"] = required
    widget = forms.EmailInput(attrs={"autocomplete": "off"})
    return forms.EmailField(
        label=label, required=bool(required), error_messages=messages, max_length=254, widget=widget
    )


def wide(width, **attrs):
    return forms.TextInput(attrs={"data-width": width, **attrs})
