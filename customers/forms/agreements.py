"""What a customer's global admin confirms who accepts the customer agreement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers import wording
from partners.forms.companies import VersionedForm


class CustomerAgreementForm(VersionedForm):
    """The tick below the text that was read."""

    VERSION = wording.AGREEMENT_VERSION
    agreement = forms.BooleanField(
        label=_("I accept the customer agreement on behalf of my company."),
        error_messages={"required": _("Tick that you accept the customer agreement.")},
    )
