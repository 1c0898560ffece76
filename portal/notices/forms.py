from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import PlainForm
from portal.notices.kinds import topics_for
from portal.notices.services import wanted_topics


class TopicsForm(PlainForm):
    """Which mails a person wants; each box is one of the topics that concern them."""

    topics = forms.MultipleChoiceField(
        label=_("You get an email when"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, data=None, *, user):
        super().__init__(data, initial={"topics": wanted_topics(user)})
        offered = topics_for(user.places)
        self.fields["topics"].choices = [(name, topic.label) for name, topic in offered.items()]
