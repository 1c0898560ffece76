"""What must be true of a company that enrols, field by field and then taken together."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partners.models import MpnAccount
from portal.address_forms import AddressForm
from portal.countries import countries
from portal.names import has_link, name_problem


class CompanyRules(AddressForm):
    """Part of ``CompanyForm``, which has the fields."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if has_link(name, domains=False):
            raise ValidationError(_("A name can't hold a web address."), code="link")
        if problem := name_problem(name):
            raise ValidationError(problem, code="name")
        return name

    def clean_address(self):
        return " ".join(self.cleaned_data["address"].split())

    def clean_city(self):
        return " ".join(self.cleaned_data["city"].split())

    def clean(self):
        if country := countries().get(self.cleaned_data.get("country")):
            self.check_address(country)
        return self.cleaned_data


class IdentifierRules:
    """Part of ``IdentifiersForm``, which has the fields."""

    def clean_mpn_id(self):
        number = _digits(self.cleaned_data["mpn_id"])
        known = _registered(number)
        if known and known.type == MpnAccount.Type.GLOBAL:
            words = _("This is a Partner Global Account. Enter the MPN ID of a location.")
            raise ValidationError(words, code="global")
        if known:
            words = _("This MPN ID is registered already. Check it, or ask your colleagues.")
            raise ValidationError(words, code="unique")
        return number

    def clean_global_mpn_id(self):
        number = _digits(self.cleaned_data["global_mpn_id"])
        if number and _registered(number):
            words = _("This MPN ID is registered already. Check it, or leave the field empty.")
            raise ValidationError(words, code="unique")
        return number

    def clean(self):
        typed = self.cleaned_data
        if typed.get("mpn_id") and typed["mpn_id"] == typed.get("global_mpn_id"):
            words = _("This is the location's number. The global account has one of its own.")
            self.add_error("global_mpn_id", words)
        return typed


def _digits(text):
    number = "".join(text.split())
    if number:
        MpnAccount._meta.get_field("mpn_id").run_validators(number)
    return number


def _registered(number):
    return MpnAccount.objects.filter(mpn_id=number).first()
