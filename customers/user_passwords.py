"""A user's temporary password: who may have it shown, and what they see. See ``setup_info``."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables

from portal.links import public_url
from portal.shown_once import allow, is_allowed

SESSION_KEY = "user_passwords"


def allow_user_password(request, person):
    """Let this session, and no other, see the temporary password of ``person`` once."""
    allow(request, SESSION_KEY, person.pk)


def may_reveal(request, person):
    """Whether this visitor asked for the password, in this very session."""
    mine = person.password_for_id == request.user.pk
    return mine and person.is_active and is_allowed(request, SESSION_KEY, person.pk)


@sensitive_variables()
def shown(secret):
    """What ``customers/user_password_region.html`` draws of a UsersPassword; keep it nowhere."""
    name = {"id": "account-name", "label": _("Account name")}
    password = {"id": "temporary-password", "label": _("Temporary password")}
    return {
        "state": "revealed",
        "fields": [
            name | {"value": secret.person.account_name},
            password | {"value": secret.password},
        ],
        "until": date_format(localtime(secret.until), "DATETIME_FORMAT"),
        "both": _letter(secret),
    }


@sensitive_variables()
def _letter(secret):
    """Both values and what to do with them, in the user's language."""
    sign_in = public_url(reverse("account_login"))
    with override(secret.person.user.language):
        lines = [
            _("Account name: %s") % secret.person.account_name,
            _("Temporary password: %s") % secret.password,
            _("Sign in at %s and choose a password of your own.") % sign_in,
        ]
    return "\n".join(lines)
