"""The page that changes the partners of many subscriptions."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.roles import Permission
from portal.forms import PlainForm
from portal.preview import ButtonForm
from portal.references import encode
from subscriptions.conditions import PROVIDER
from subscriptions.resellers import find_location, location_choices, partnerships_of

FIELDS = ("to", "mpn_id", "contact")


class TargetForm(PlainForm):
    """Whom the subscriptions are to name; part of the page's address. Empty: whom they do."""

    to = forms.ChoiceField(label=_("Reseller (MPN ID)"), required=False)
    mpn_id = forms.CharField(
        label=_("Indirect reseller not in the list? Enter MPN ID"),
        required=False,
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "data-width": "medium", "autocomplete": "off"}
        ),
    )
    contact = forms.ChoiceField(label=_("Designated support contact"), required=False)

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.membership = membership
        if not membership.can(Permission.SET_RESELLER_OF_RECORD):
            del self.fields["to"], self.fields["mpn_id"]
        else:
            self.fields["to"].choices = [_leave(), *location_choices(self._partnerships)]
        own = _now("%(name)s (you)") % {"name": membership.organization.name}
        partners = [(encode("R", pk), partner.name) for pk, partner in self._partners.items()]
        self.fields["contact"].choices = [_leave(), (PROVIDER, own), *partners]

    def clean_mpn_id(self):
        typed = self.cleaned_data["mpn_id"]
        return find_location(typed, provider=self.membership.organization) if typed else None

    def clean(self):
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError(_now("Choose a reseller, a support contact or both."))
        return self.cleaned_data

    @property
    def changes(self):
        """What each subscription is to have, as ``validate_change`` takes it; empty for rubbish."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else {}
        changes = {}
        if chosen.get("to") or chosen.get("mpn_id"):
            changes["reseller_of_record"] = chosen["mpn_id"] or self._locations.get(chosen["to"])
        if contact := chosen.get("contact"):
            changes["support_contact"] = self._contacts.get(contact)
        return changes

    @cached_property
    def _partnerships(self):
        return list(partnerships_of(self.membership))

    @cached_property
    def _partners(self):
        return {p.reseller_id: p.reseller for p in self._partnerships}

    @cached_property
    def _locations(self):
        """By MPN ID; what is missing is no reseller."""
        return {p.location.mpn_id: p.location for p in self._partnerships}

    @cached_property
    def _contacts(self):
        """By reference; what is missing is the provider itself."""
        return {encode("R", pk): partner for pk, partner in self._partners.items()}


class ChangeForm(ButtonForm):
    """*Change N subscriptions*."""

    def changed_words(self, number):
        words = ngettext(
            "The list has changed: %(number)d subscription can be changed now. Check again.",
            "The list has changed: %(number)d subscriptions can be changed now. Check again.",
            number,
        )
        return words % {"number": number}

    def lost_words(self):
        return _now("Choose the subscriptions again: the page has lost them.")


def _leave():
    return "", _now("Leave as it is")
