from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import PlainForm


class AuthorizeForm(PlainForm):
    """The reseller's yes. Each choice is a location of a company that may answer."""

    location = forms.ChoiceField(
        label=gettext_lazy("Answer as"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select the company that answers.")},
    )
    right_address = forms.BooleanField(
        error_messages={"required": gettext_lazy("Confirm that you may answer this request.")}
    )
    authorized = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box to authorize the provider.")}
    )

    def __init__(self, data=None, *, invited, user, candidates):
        """``candidates`` of the person; those with an obstacle offer nothing to choose."""
        super().__init__(data)
        self.answers = {
            location.mpn_id: (candidate.membership, location)
            for candidate in candidates
            for location in candidate.locations
        }
        field = self.fields["location"]
        field.choices = [(number, _label(*answer)) for number, answer in self.answers.items()]
        if len(self.answers) == 1:
            field.initial = next(iter(self.answers))
        self.fields["authorized"].label = _(
            "I authorize %(provider)s as indirect provider for the company above."
        ) % {"provider": invited.provider}
        self._ask_about_address(invited.recipient, user.email)

    def _ask_about_address(self, invited, own):
        if not invited or invited.casefold() == own.casefold():
            del self.fields["right_address"]
        else:
            self.fields["right_address"].label = _(
                "The request went to %(invited)s. I am signed in as %(own)s and may answer it."
            ) % {"invited": invited, "own": own}

    @property
    def answer(self):
        """The chosen membership and location."""
        return self.answers[self.cleaned_data["location"]]


class DeclineForm(PlainForm):
    """The reseller's no."""

    company = forms.ChoiceField(label=gettext_lazy("Answer as"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    tell = forms.BooleanField(
        label=gettext_lazy("Tell the provider the reason"),
        required=False,
        help_text=gettext_lazy("Otherwise it stays in your own activity log."),
    )

    def __init__(self, data=None, *, memberships):
        super().__init__(data)
        self.companies = {place.organization.slug: place for place in memberships}
        field = self.fields["company"]
        field.choices = [(slug, place.organization.name) for slug, place in self.companies.items()]
        if len(self.companies) == 1:
            field.initial = next(iter(self.companies))

    @property
    def membership(self):
        """The chosen place."""
        return self.companies[self.cleaned_data["company"]]


def _label(membership, location):
    number = _("MPN ID %(mpn_id)s") % {"mpn_id": location.mpn_id}
    facts = (membership.organization.name, number, location.city)
    return " · ".join(fact for fact in facts if fact)
