"""Secrets that are shown once, in the very session in which somebody asked for them."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables

from portal.links import public_url

MOST_OPEN = 20  # a session need not remember more rows than a day's work


def allow(request, key, pk):
    """Let this session, and no other, see the secret of row ``pk``; ``key`` says which kind."""
    allowed = [known for known in request.session.get(key, ()) if known != pk]
    request.session[key] = [*allowed, pk][-MOST_OPEN:]


def is_allowed(request, key, pk):
    """Whether ``allow`` was called for the same in this session, and not too long ago."""
    return pk in request.session.get(key, ())


@sensitive_variables()
def panel(account, password, until, language):
    """What ``components/temporary_password.html`` draws of it, once; keep it nowhere.

    ``language`` is that of the person the two are for: the text to copy is written in it.
    """
    name = {"id": "account-name", "label": _("Account name"), "value": account}
    secret = {"id": "temporary-password", "label": _("Temporary password"), "value": password}
    return {
        "state": "revealed",
        "fields": [name, secret],
        "until": date_format(localtime(until), "DATETIME_FORMAT"),
        "both": _letter(account, password, language),
    }


@sensitive_variables()
def _letter(account, password, language):
    """Both values and what to do with them, in the reader's language."""
    sign_in = public_url(reverse("account_login"))
    with override(language):
        lines = [
            _("Account name: %s") % account,
            _("Temporary password: %s") % password,
            _("Sign in at %s and choose a password of your own.") % sign_in,
        ]
    return "\n".join(lines)
