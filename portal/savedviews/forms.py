from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import PlainForm
from portal.queries import LONGEST, read, tidy
from portal.savedviews.lists import LISTS
from portal.savedviews.models import SavedView
from portal.savedviews.services import MOST, has_room


class QueryField(forms.CharField):
    """The query of a list's address, tidied up."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=LONGEST, **kwargs)

    def clean(self, value):
        return tidy(read(super().clean(value).removeprefix("?")))[:LONGEST]


class ViewForm(PlainForm):
    """What a view is called, who sees it, and whether one's list begins with it."""

    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(
        label=gettext_lazy("Everybody in the organization sees it"), required=False
    )
    is_start = forms.BooleanField(label=gettext_lazy("My list begins with it"), required=False)

    def __init__(self, data=None, *, membership, view, **kwargs):
        """``view`` is the SavedView to write, new or not."""
        super().__init__(data, **kwargs)
        self.membership, self.view = membership, view

    def clean_name(self):
        name = self.cleaned_data["name"]
        mine = SavedView.objects.visible_to(self.membership).owned_by(self.membership)
        if mine.filter(list=self.view.list, name=name).exclude(pk=self.view.pk).exists():
            raise ValidationError(_("You have a view of this name already."), code="twice")
        return name


class NewViewForm(ViewForm):
    list = forms.ChoiceField(choices=[(name, name) for name in LISTS], widget=forms.HiddenInput)
    query = QueryField()
    field_order = ("list", "query")  # a name is taken or not in one list

    def clean(self):
        if not has_room(self.membership):
            words = _("You have %(number)d views. Delete one that you no longer use.")
            raise ValidationError(words % {"number": MOST}, code="room")
        return self.cleaned_data

    def clean_list(self):
        self.view.list = self.cleaned_data["list"]
        return self.view.list


class QueryForm(PlainForm):
    """*Update view*: what it shows from now on."""

    query = QueryField()
