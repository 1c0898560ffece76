"""The part of a form that depends on the country: what an address needs there, and the checks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.addresses import address_layout, check_postal_code, find_state, state_choices
from portal.phones import tidy_phone

DEPENDENT = ("postal_code", "city", "state")


class AddressForm:
    """For forms with the fields ``postal_code``, ``city`` and ``state``.

    Call ``suit_country`` once the country is known and ``check_address`` in ``clean``; both take
    a ``portal.countries.Country``.
    """

    address_country = None

    @cached_property
    def layout(self):
        return address_layout(self.address_country.code if self.address_country else "")

    @property
    def address_fields(self):
        """The bound fields in the country's order; one it has no place for only when filled."""
        layout = self.layout
        names = [name for name in layout.order if name in DEPENDENT]
        return [self[name] for name in names if name in layout.used or self[name].value()]

    def suit_country(self, country):
        """Labels, examples, lists and what is required, as ``country`` (or None) has them."""
        self.address_country = country
        for name in DEPENDENT:
            field = self.fields[name]
            field.label = self.layout.labels[name]
            field.required = name in self.layout.required
            if field.required and country and name != "city":
                field.error_messages["required"] = self._missing(name, country)
        if example := self.layout.postal_example:
            self.fields["postal_code"].help_text = _("Such as %(example)s") % {"example": example}
        if country and (states := state_choices(country.code)):
            choices = [("", _("Please select")), *states]
            self.fields["state"].widget = forms.Select(choices=choices)

    def check_address(self, country):
        """Tidy state and postal code up, with an error where ``country`` knows no such thing."""
        if state := self.cleaned_data.get("state"):
            self._check_state(country, state)
        code = check_postal_code(country.code, self.cleaned_data.get("postal_code") or "")
        if not code.is_valid:
            self.add_error("postal_code", self._wrong_code(country, code.example))
        elif "postal_code" in self.cleaned_data:
            self.cleaned_data["postal_code"] = code.text

    def tidy_phone_of(self, name, country):
        """Check the number in the field ``name``; without its own code it is ``country``'s."""
        if not self.cleaned_data.get(name):
            return
        try:
            self.cleaned_data[name] = tidy_phone(self.cleaned_data[name], country)
        except ValidationError as error:
            self.add_error(name, error)

    def _check_state(self, country, typed):
        if not state_choices(country.code):
            return
        code = find_state(country.code, typed)
        if code is None:
            words = _("“%(state)s” is not known there: select one of the list for %(country)s.")
            return self.add_error("state", words % {"state": typed, "country": country.name})
        self.cleaned_data["state"] = code

    def _missing(self, name, country):
        names = {"country": country.name, "label": self.layout.labels[name]}
        if name == "postal_code" and self.layout.postal_example:
            return self._wrong_code(country, self.layout.postal_example)
        if name == "state" and state_choices(country.code):
            return _("Select “%(label)s”: addresses in %(country)s need it.") % names
        return _("Enter “%(label)s”: addresses in %(country)s need it.") % names

    def _wrong_code(self, country, example):
        names = {"country": country.name, "example": example}
        if not example:
            return _("This is no postal code of %(country)s.") % names
        return _("Enter a postal code of %(country)s, such as %(example)s.") % names
