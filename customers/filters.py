from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import RelationshipRequest
from portal.forms import PlainForm


class RelationshipFilter(PlainForm):
    """Search and filter of *Relationship requests*."""

    q = forms.CharField(
        label=_("Company or email address"),
        required=False,
        max_length=100,
        widget=forms.SearchInput,
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *RelationshipRequest.Status.choices],
    )

    def apply(self, requests):
        """The requests that match; what can't be understood does not filter."""
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            named = Q(organization__name__icontains=text) | Q(recipient__icontains=text)
            requests = requests.filter(named)
        if state := self.cleaned_data.get("status"):
            requests = requests.in_state(state)
        return requests
