"""The temporary password as it is shown, with a text to send to the customer."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables

from portal.links import public_url


@sensitive_variables()
def handover(secret):
    """What ``customers/setup_info_region.html`` draws of a TemporaryPassword; keep it nowhere."""
    name = {"id": "account-name", "label": _("Admin user account name")}
    password = {"id": "temporary-password", "label": _("Temporary password")}
    return {
        "state": "revealed",
        "fields": [
            name | {"value": secret.account.account_name},
            password | {"value": secret.password},
        ],
        "until": date_format(localtime(secret.until), "DATETIME_FORMAT"),
        "both": _letter(secret),
    }


@sensitive_variables()
def _letter(secret):
    """Both values and what to do with them, in the customer's language."""
    sign_in = public_url(reverse("account_login"))
    with override(secret.account.customer.language):
        lines = [
            _("Account name: %s") % secret.account.account_name,
            _("Temporary password: %s") % secret.password,
            _("Sign in at %s and choose a password of your own.") % sign_in,
        ]
    return "\n".join(lines)
