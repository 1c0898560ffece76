from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import CustomerTag
from portal.forms import PlainForm

LONGEST_LINE = 2000  # characters: forty of the longest tags at once


class TagsForm(PlainForm):
    """Tags to add, separated by commas."""

    tags = forms.CharField(
        label=gettext_lazy("Add tags"),
        max_length=LONGEST_LINE,
        help_text=gettext_lazy("Separate several by commas. Up to 50 characters each."),
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"}),
    )

    def clean_tags(self):
        """The texts, each once as it was typed first."""
        texts = (" ".join(text.split()) for text in self.cleaned_data["tags"].split(","))
        found = [text for text in dict.fromkeys(texts) if text]
        if not found:
            raise ValidationError(_("Enter a tag."), code="required")
        for text in found:
            if len(text) > CustomerTag.LONGEST:
                words = _("“%(tag)s” is longer than %(number)d characters.")
                facts = {"tag": text, "number": CustomerTag.LONGEST}
                raise ValidationError(words % facts, code="long")
        return found


class UntagForm(PlainForm):
    """The tag to remove."""

    remove = forms.CharField(max_length=CustomerTag.LONGEST)
