"""The roles of somebody who works here already."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.roles import Role
from portal.forms import PlainForm
from portal.staff.role_choices import RolesField


class RolesForm(PlainForm):
    """Which roles ``member`` holds; ``before`` are those that the page showed."""

    roles = RolesField(required=False)
    before = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, data=None, *, actor, member):
        held = {"roles": member.roles, "before": ",".join(member.roles)}
        super().__init__(data, initial=held)
        self.fields["roles"].offer_by(actor)

    def clean_before(self):
        """The roles as a list; whatever else it says was made up."""
        before = list(filter(None, self.cleaned_data["before"].split(",")))
        if not set(before) <= set(Role.values):
            raise ValidationError(_("Load the page again."), code="stale")
        return before

    @property
    def given(self):
        """What ``services.change_roles`` takes besides who acts."""
        return {name: self.cleaned_data[name] for name in ("roles", "before")}

    def refuse(self, reason, *, held=None):
        """Say at the roles why not; ``held`` are those of now, for the next try."""
        self.add_error("roles", reason)
        if held is not None:
            self.data = self.data.copy()
            self.data["before"] = ",".join(held)
