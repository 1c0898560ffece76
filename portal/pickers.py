"""Filters of which several values can be chosen at once."""

from django import forms


class Picker(forms.CheckboxSelectMultiple):
    """Boxes to tick behind a button that says what is ticked."""

    template_name = "django/forms/widgets/picker.html"
    nothing = ""  # what the button says then

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        labels = dict(self.choices)
        ticked = [str(labels[key]) for key in value or () if key in labels]
        said = f"{ticked[0]} +{len(ticked) - 1}" if ticked[1:] else "".join(ticked)
        context["widget"] |= {"said": said, "nothing": self.nothing, "chosen": set(value or ())}
        return context


class ManyField(forms.MultipleChoiceField):
    """Several choices; those that don't exist are left out and remembered."""

    widget = Picker

    def clean(self, value):
        known = dict(self.choices)
        self.unknown = [text for text in value or () if text not in known]
        return [text for text in value or () if text in known]
